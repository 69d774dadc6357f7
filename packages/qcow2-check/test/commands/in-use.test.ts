import { chownSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Writer } from '../readme/writer.ts'
import { qcow2Check, STRANGER } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { damaged, healthy, listing } from './images.ts'

let scratch: Scratch
let writer: Writer | undefined
beforeEach(() => {
  scratch = new Scratch('qcow2-in-use')
})
afterEach(async () => {
  await writer?.end()
  scratch[Symbol.dispose]()
})

const run = (line: string) => qcow2Check(line.split(' '), { cwd: scratch.path })

it('an image that somebody writes to is checked as advisory, and not repaired', async () => {
  const image = await damaged(scratch.path, 'refcount/leak-data')
  writer = new Writer(image, scratch.path)
  await writer.say('read 0 512')
  const checked = run('--json image.qcow2')
  expect(checked.status).toBe(3)
  const { advisory, findings } = JSON.parse(checked.stdout)
  expect(advisory).toBe(true)
  expect(findings).toContainEqual(expect.objectContaining({ code: 'in-use', severity: 'warning' }))
  expect(run('image.qcow2').stdout).toContain('advisory')
  const before = listing(scratch.path)
  for (const line of ['repair image.qcow2', 'check -r all image.qcow2', 'reclaim image.qcow2']) {
    const refused = run(line)
    expect(refused.status, line).toBe(4)
    expect(refused.stderr, line).toContain('qemu-io')
  }
  expect(listing(scratch.path)).toEqual(before)
})

it('a sound image that a machine has locked is advisory too', async () => {
  const image = await healthy(scratch.path, 'image.qcow2')
  writer = new Writer(image, scratch.path, 'on')
  await writer.say('read 0 512')
  const checked = run('-U --json image.qcow2')
  expect(checked.status).toBe(0)
  expect(JSON.parse(checked.stdout)).toMatchObject({ advisory: true, verdict: 'consistent' })
})

it('who is not root is told that no lock is there, and whether QEMU is among those he does not see', async () => {
  const image = await damaged(scratch.path, 'refcount/high-data')
  for (const path of [scratch.path, image]) chownSync(path, STRANGER, STRANGER)
  const repair = (...more: string[]) => qcow2Check(['repair', image, ...more], { as: STRANGER })
  writer = new Writer(image, scratch.path)
  await writer.say('read 0 512')
  const refused = repair()
  expect([refused.status, refused.stdout]).toEqual([4, ''])
  expect(refused.stderr).toMatch(
    /no lock is on it, but the open files of \d+ processes of other users are not seen; among them .*qemu/,
  )
  expect(refused.stderr).toContain('run it as root')
  await writer.end()
  writer = undefined
  expect(repair('--assume-offline')).toMatchObject({ status: 0, stderr: '' })
})

it('of several images only the one that is locked is advisory, wherever it stands', async () => {
  const names = ['a.qcow2', 'b.qcow2', 'c.qcow2', 'd.qcow2']
  for (const name of names) await healthy(scratch.path, name)
  writer = new Writer(`${scratch.path}/c.qcow2`, scratch.path, 'on')
  await writer.say('read 0 512')
  for (const order of [names, names.toReversed(), ['c.qcow2', 'a.qcow2']]) {
    const { images } = JSON.parse(run(`--json ${order.join(' ')}`).stdout)
    expect(images.map(({ advisory }: { advisory: boolean }) => advisory)).toEqual(
      order.map((name) => name === 'c.qcow2'),
    )
  }
})
