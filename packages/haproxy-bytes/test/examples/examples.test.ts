import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { install } from '../../../../tooling/checks/packed/install.ts'
import { makeScene } from '../readme/scene.ts'
import { Scratch } from '../support/scratch.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples')

let scratch: Scratch
let env: NodeJS.ProcessEnv

beforeEach(() => {
  const packed = inject('packedPackage')
  if (packed === undefined) throw new Error('nothing is built: run `npm run build` first')
  scratch = new Scratch()
  env = install(scratch.path, packed)
  cpSync(EXAMPLES, scratch.file('examples'), { recursive: true })
  makeScene(scratch.path)
})
afterEach(() => scratch[Symbol.dispose]())

function run(name: string, ...args: string[]) {
  const options = { cwd: scratch.path, env, encoding: 'utf8' } as const
  const { status, stdout, stderr, error } = spawnSync(scratch.file(`examples/${name}`), args, options)
  if (error) throw error
  return { status, stdout, stderr }
}

test('each example is tried here, but the demo, which is shown', () => {
  const tested = [...readFileSync(import.meta.filename, 'utf8').matchAll(/run\('([^']+)'/g)].map(
    ([, name]) => name,
  )
  expect([...new Set([...tested, 'demo.ts'])].sort()).toEqual(readdirSync(EXAMPLES).sort())
})

test('a log that tallies is billed', () => {
  const { status, stdout, stderr } = run(
    'bill-if-it-tallies.sh',
    'before',
    'after',
    'haproxy.cfg',
    'haproxy.log',
  )
  expect(status, stderr).toBe(0)
  expect(stdout.split('\r\n')).toEqual([
    expect.stringMatching(/^client\/24,month,requests,bytes_out,/),
    expect.stringMatching(/^127\.0\.0\.0\/24,2026-11,120,2381547,/),
    '',
  ])
})

test('one that lost lines is not', () => {
  const ran = run('bill-if-it-tallies.sh', 'before', 'after', 'haproxy.cfg', 'lossy.log')
  expect([ran.status, ran.stdout]).toEqual([1, ''])
  expect(ran.stderr).toContain("not billed: the log doesn't tally")
})

test('the clients that got most', () => {
  expect(run('top-clients.mjs', 'shop', 'haproxy.cfg', 'haproxy.log')).toEqual({
    status: 0,
    stdout: '2381547\t120\t127.0.0.1\n',
    stderr: '',
  })
  expect(run('top-clients.mjs', 'shop', 'haproxy.cfg', 'nosuch')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^unreadable: nosuch/),
  })
})
