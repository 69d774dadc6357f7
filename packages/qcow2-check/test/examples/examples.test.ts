import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { install } from '../../../../tooling/checks/packed/install.ts'
import { damaged, healthy } from '../commands/images.ts'
import { Scratch } from '../support/scratch.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples')

let scratch: Scratch
let env: NodeJS.ProcessEnv

beforeEach(() => {
  const packed = inject('packedPackage')
  if (packed === undefined) throw new Error('nothing is built: run `npm run build` first')
  scratch = new Scratch('qcow2-examples')
  env = install(scratch.path, packed)
  cpSync(EXAMPLES, scratch.file('examples'), { recursive: true })
})
afterEach(() => scratch[Symbol.dispose]())

function run(name: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const file = scratch.file(`examples/${name}`)
  const [program, ...first] = name.endsWith('.mjs') ? [process.execPath, file] : [file]
  const { status, stdout, stderr, error } = spawnSync(program as string, [...first, ...args], {
    cwd: scratch.path,
    env,
    encoding: 'utf8',
  })
  if (error) throw error
  return { status, stdout, stderr }
}

test('each example is tried here, but the demo, which is shown', () => {
  const tested = [...readFileSync(import.meta.filename, 'utf8').matchAll(/run\('([^']+)'/g)].map(
    ([, name]) => name,
  )
  expect([...new Set([...tested, 'demo.ts'])].sort()).toEqual(readdirSync(EXAMPLES).sort())
})

describe('before-attach.sh', () => {
  test.each([
    ['sound', undefined, 0, ''],
    ['leaks', 'refcount/leak-empty', 0, ''],
    ['lost data', 'l1/entry-zeroed', 1, 'data is behind its leaks'],
    ['no table', 'snapshot-table/overwritten-c3', 1, 'QEMU does not open it: '],
    ['corrupt', 'refcount/zero-l2', 1, 'it is corrupt: '],
  ] as const)('%s', async (_, damage, status, said) => {
    const path = damage ? await damaged(scratch.path, damage) : await healthy(scratch.path)
    const ran = run('before-attach.sh', path)
    expect(ran).toEqual({ status, stdout: '', stderr: said === '' ? '' : expect.stringContaining(said) })
  })

  test('what is not there is not attached', () => {
    expect(run('before-attach.sh', 'nosuch')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nosuch'),
    })
  })
})

test('snapshots-out.mjs copies listed snapshots and lost ones', async () => {
  const sound = await healthy(scratch.path)
  const lost = await damaged(scratch.path, 'snapshot-table/pointer-zeroed', 'lost.qcow2')
  for (const [folder, image] of [
    ['listed', sound],
    ['lost', lost],
  ] as const) {
    mkdirSync(scratch.file(folder))
    const ran = run('snapshots-out.mjs', image, folder)
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect(ran.stdout.trimEnd().split('\n')).toHaveLength(2)
  }
  for (const name of ['1.raw', '2.raw'])
    expect(
      readFileSync(scratch.file(`lost/${name}`)).equals(readFileSync(scratch.file(`listed/${name}`))),
    ).toBe(true)
  expect(run('snapshots-out.mjs', 'nosuch', 'lost')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^unreadable: /),
  })
})
