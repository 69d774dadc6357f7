import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { qcow2Check, type Ran } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { damaged } from './images.ts'

let scratch: Scratch
let mounted: string
beforeEach(() => {
  scratch = new Scratch('qcow2-reflink')
  mounted = scratch.file('mounted')
})
afterEach(() => {
  spawnSync('umount', [mounted])
  scratch[Symbol.dispose]()
})

/** A file system of its own. */
function mount(...make: readonly [string, ...string[]]): void {
  const disk = scratch.file('disk')
  const steps = [
    ['truncate', '-s', '320M', disk],
    [...make, disk],
    ['mkdir', mounted],
    ['mount', '-o', 'loop', disk, mounted],
  ]
  for (const [program = '', ...args] of steps) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  }
}

const run = (line: string): Ran => qcow2Check(line.split(' '), { cwd: mounted })

it('on XFS --reflink keeps a clone of the image, and repairs', async () => {
  mount('mkfs.xfs', '-q', '-m', 'reflink=1')
  const image = await damaged(mounted, 'snapshot-table/offset-flipped')
  const before = readFileSync(image)
  expect(run('repair -n --reflink kept.qcow2 image.qcow2').status).toBe(2)
  expect(existsSync(`${mounted}/kept.qcow2`)).toBe(false)
  expect(run('repair --reflink kept.qcow2 image.qcow2')).toMatchObject({ status: 0, stderr: '' })
  expect(readFileSync(`${mounted}/kept.qcow2`).equals(before)).toBe(true)
  expect(readFileSync(image).equals(before)).toBe(false)
})

it('on ext4 it refuses, says so, and changes nothing', async () => {
  mount('mkfs.ext4', '-q')
  const image = await damaged(mounted, 'snapshot-table/offset-flipped')
  const before = readFileSync(image)
  const refused = run('repair --reflink kept.qcow2 image.qcow2')
  expect(refused).toMatchObject({ status: 1, stdout: '' })
  expect(refused.stderr).toContain('no reflinks there')
  expect(refused.stderr).toContain('leave --reflink away')
  expect(readFileSync(image).equals(before)).toBe(true)
  for (const name of ['kept.qcow2', 'image.qcow2.undo-1'])
    expect(existsSync(`${mounted}/${name}`)).toBe(false)
})
