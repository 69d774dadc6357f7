import { chmodSync, copyFileSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { qcow2Check, type RunOptions, STRANGER } from '../support/cli.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { damaged, healthy, listing } from './images.ts'

let scratch: Scratch
beforeEach(() => {
  scratch = new Scratch('qcow2-exits')
})
afterEach(() => scratch[Symbol.dispose]())

const run = (line: string, options: RunOptions = {}) =>
  qcow2Check(line.split(' '), { cwd: scratch.path, ...options })

describe('check: as qemu-img, which is asked too', () => {
  it.each([
    ['consistent', 'copied/none', 0],
    ['leaks only', 'refcount/leak-data', 3],
    ['corrupt', 'refcount/zero-l2', 2],
    ['the flag of another', 'copied/set-on-shared', 2],
  ])('%s', async (_, damage, status) => {
    if (status === 0) await healthy(scratch.path, 'image.qcow2')
    else await damaged(scratch.path, damage)
    const before = listing(scratch.path)
    expect(run('image.qcow2').status).toBe(status)
    expect(run('check -U --json image.qcow2').status).toBe(status)
    expect(qemu('qemu-img', ['check', 'image.qcow2'], scratch.path).status).toBe(status)
    expect(listing(scratch.path)).toEqual(before)
  })

  it('63 for what is no QCOW2, 1 for what cannot be read, 64 for nothing', async () => {
    writeFileSync(scratch.file('raw'), Buffer.alloc(65536))
    await healthy(scratch.path)
    chmodSync(scratch.file('healthy.qcow2'), 0)
    chmodSync(scratch.path, 0o755)
    expect(run('raw').status).toBe(63)
    expect(run('healthy.qcow2', { as: STRANGER }).status).toBe(1)
    expect(run('nothing').status).toBe(64)
  })

  it('of several images the worst: 1 > 2 > 3 > 63 > 0, and each has its document', async () => {
    await healthy(scratch.path, '0')
    await damaged(scratch.path, 'refcount/zero-l2', '2')
    await damaged(scratch.path, 'refcount/leak-data', '3')
    writeFileSync(scratch.file('63'), 'a raw disk, as it were')
    for (const [images, status] of [
      ['0 63', 63],
      ['0 63 3', 3],
      ['3 2 63 0', 2],
      ['0 0', 0],
    ] as const) {
      const ran = run(`--json ${images}`)
      expect(ran.status, images).toBe(status)
      expect(JSON.parse(ran.stdout).images).toHaveLength(images.split(' ').length)
    }
    const rows = run('--ndjson 0 63 2').stdout.trimEnd().split('\n')
    expect(rows.map((row) => JSON.parse(row).verdict)).toEqual(['consistent', undefined, 'corrupt'])
  })
})

describe('plan, repair, undo', () => {
  it('plan ends as check and writes nothing; repair ends as check of the result; undo with 0', async () => {
    const image = await damaged(scratch.path, 'refcount/zero-l2')
    const before = readFileSync(image)
    expect(run('plan image.qcow2').status).toBe(2)
    expect(run('repair -n image.qcow2').status).toBe(2)
    expect(listing(scratch.path).size).toBe(1)
    const repaired = run('repair --json image.qcow2')
    expect(repaired.status).toBe(0)
    expect(qemu('qemu-img', ['check', image]).status).toBe(0)
    const { undoFile, actions, exitCode, verdict } = JSON.parse(repaired.stdout)
    expect([undoFile, exitCode, verdict]).toEqual([`${image}.undo-1`, 0, 'consistent'])
    expect(actions.length).toBeGreaterThan(0)
    expect(run(`undo image.qcow2 ${undoFile}`).status).toBe(0)
    expect(readFileSync(image).equals(before)).toBe(true)
    expect(run(`undo image.qcow2 ${undoFile}`).stdout).toContain('already')
  })

  it('3 where leaks stay that only consent frees', async () => {
    await damaged(scratch.path, 'refcount/leak-data')
    const ran = run('repair image.qcow2')
    expect(ran.status).toBe(3)
    expect(ran.stdout).toContain('free-leaks')
    expect(existsSync(scratch.file('image.qcow2.undo-1'))).toBe(false)
    expect(run('repair --allow free-leaks image.qcow2').status).toBe(0)
  })

  it('5 where a plan is of another state, or no plan, and nothing is written', async () => {
    const image = await damaged(scratch.path, 'refcount/zero-l2')
    expect(run('plan image.qcow2 -o plan.json').status).toBe(2)
    const plan = JSON.parse(readFileSync(scratch.file('plan.json'), 'utf8'))
    writeFileSync(scratch.file('none.json'), '{"schema":"qcow2-check/check@1"}')
    writeFileSync(
      scratch.file('other.json'),
      JSON.stringify({ ...plan, actions: [{ ...plan.actions[0], id: 'fix-refcount:leak:0x0' }] }),
    )
    const before = readFileSync(image)
    expect(run('repair image.qcow2 --plan none.json').status).toBe(5)
    expect(run('repair image.qcow2 --plan other.json').status).toBe(5)
    expect(readFileSync(image).equals(before)).toBe(true)
    expect(run('repair image.qcow2 --plan plan.json').status).toBe(0)
    expect(run('repair image.qcow2 --plan plan.json').status).toBe(5)
  })

  it('classes of a plan file need no --allow again', async () => {
    await damaged(scratch.path, 'refcount/leak-data')
    expect(run('plan image.qcow2 --allow free-leaks -o plan.json').status).toBe(3)
    expect(run('repair image.qcow2 --plan plan.json').status).toBe(0)
  })

  it('undo: 5 after a write, --force for a touch, 5 for garbage', async () => {
    const image = await damaged(scratch.path, 'refcount/zero-l2')
    expect(run('repair image.qcow2').status).toBe(0)
    writeFileSync(scratch.file('garbage'), 'not an undo file')
    expect(run('undo image.qcow2 garbage').status).toBe(5)
    utimesSync(image, new Date(), new Date(Date.now() - 60_000))
    expect(run('undo image.qcow2 image.qcow2.undo-1').status).toBe(5)
    expect(run('undo -n --force image.qcow2 image.qcow2.undo-1').status).toBe(0)
    expect(run('undo --force image.qcow2 image.qcow2.undo-1').status).toBe(0)
  })

  it('1 where it cannot be written', async () => {
    const image = await damaged(scratch.path, 'refcount/zero-l2')
    chmodSync(image, 0o444)
    chmodSync(scratch.path, 0o755)
    expect(run('repair --assume-offline image.qcow2', { as: STRANGER }).status).toBe(1)
  })
})

describe('check -r', () => {
  it('leaks: lowers what is proven, keeps what could be data, and ends in 3 then', async () => {
    await damaged(scratch.path, 'refcount/high-table')
    const ran = run('check --json -r leaks image.qcow2')
    expect([ran.status, JSON.parse(ran.stdout)['leaks-fixed']]).toEqual([0, 1])
    await damaged(scratch.path, 'refcount/leak-data', 'data.qcow2')
    expect(run('-r leaks data.qcow2').status).toBe(3)
  })

  it('all: repairs what is safe, behind an undo file', async () => {
    const image = await damaged(scratch.path, 'copied/set-on-shared')
    const before = readFileSync(image)
    expect(run('-r all --undo-file u image.qcow2').status).toBe(0)
    expect(run('undo image.qcow2 u').status).toBe(0)
    expect(readFileSync(image).equals(before)).toBe(true)
  })

  it('a second repair never takes the place of the undo file of the first', async () => {
    const image = await damaged(scratch.path, 'refcount/zero-l2')
    copyFileSync(image, scratch.file('image.qcow2.undo-1'))
    expect(run('-r all image.qcow2').status).toBe(0)
    expect(readFileSync(scratch.file('image.qcow2.undo-1')).length).toBeGreaterThan(65536)
    expect(existsSync(scratch.file('image.qcow2.undo-2'))).toBe(true)
  })
})

describe('rescue', () => {
  it('0 complete, 2 with something lost, 1 where OUT is there, 63 for what is no QCOW2', async () => {
    await healthy(scratch.path)
    await damaged(scratch.path, 'l2-entry/beyond-end')
    writeFileSync(scratch.file('raw'), Buffer.alloc(65536))
    expect(run('rescue healthy.qcow2 -O raw -o a.raw').status).toBe(0)
    expect(run('rescue healthy.qcow2 -O raw -o a.raw').status).toBe(1)
    expect(run('rescue healthy.qcow2 -O raw -o a.raw --force').status).toBe(0)
    expect(run('rescue image.qcow2 -O qcow2 -o b.qcow2').status).toBe(2)
    expect(qemu('qemu-img', ['check', 'b.qcow2'], scratch.path).status).toBe(0)
    expect(run('rescue raw -O raw -o c.raw').status).toBe(63)
    expect(run('rescue healthy.qcow2 -O raw -o d.raw --snapshot nosuch').status).toBe(1)
  })
})
