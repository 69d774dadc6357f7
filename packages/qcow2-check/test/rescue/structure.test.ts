import { copyFileSync, readFileSync, statSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { decodeHeader } from '../../src/format/index.ts'
import { openImage } from '../../src/image/index.ts'
import { rescue } from '../../src/rescue/index.ts'
import { openFileSource } from '../../src/source/index.ts'
import { kindNamed, makeImage } from '../mapping/make-image.ts'
import { guestBytes, sha256 } from '../mapping/reference.ts'
import { qemu, qemuImg, qemuIo } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { Patch } from './damage.ts'
import { openMade } from './open.ts'

const scratch = new Scratch('qcow2-structure')
afterAll(() => scratch[Symbol.dispose]())

const K = 1024
const M = K * K

test('machine state comes along with its snapshot', async () => {
  const path = scratch.file('state.qcow2')
  qemuImg(['create', '-q', '-f', 'qcow2', path, '8M'])
  qemuIo(['-c', 'write -P 0x11 0 64k', '-c', 'write -b -P 0x7e 0 130k', path])
  qemuImg(['snapshot', '-c', 'running', path])
  {
    using patch = new Patch(path)
    // Only a running machine would set it: the length of its state, in the extra data of the entry.
    patch.set(patch.u64(64) + 40, 130n * 1024n)
  }
  using opened = await openMade({ path, snapshots: ['1'], size: 8 * M })
  const output = scratch.file('state.out')
  const result = await rescue(opened.image, { output, format: 'qcow2', disk: 'all' })
  expect(result).toMatchObject({ complete: true })
  expect(qemu('qemu-img', ['check', output])).toMatchObject({ status: 0, stderr: '' })
  expect(qemuImg(['info', '--output=json', output])).toContain(`"vm-state-size": ${130 * K}`)
  qemuImg(['snapshot', '-a', 'running', output])
  const read = qemuIo(['-c', 'read -b -P 0x7e 0 130k', output])
  expect(read).toContain('read 133120/133120')
  expect(read).not.toContain('verification failed')
})

test('clusters that snapshots share are stored once', async () => {
  const path = scratch.file('shared.qcow2')
  qemuImg(['create', '-q', '-f', 'qcow2', path, '16M'])
  qemuIo(['-c', 'write -P 0x21 0 8M', path])
  for (const name of ['a', 'b', 'c']) {
    qemuImg(['snapshot', '-c', name, path])
    qemuIo(['-c', 'write -P 0x31 1M 64k', path])
  }
  using opened = await openMade({ path, snapshots: ['1', '2', '3'], size: 16 * M })
  const output = scratch.file('shared.out')
  await rescue(opened.image, { output, format: 'qcow2', disk: 'all' })
  expect(qemu('qemu-img', ['check', output]).status).toBe(0)
  expect(statSync(output).blocks * 512).toBeLessThan(9 * M)
})

test('compressed clusters that snapshots share are inflated once', async () => {
  const path = scratch.file('packed.qcow2')
  const raw = scratch.file('packed.raw')
  qemuImg(['create', '-q', '-f', 'raw', raw, '8M'])
  qemuIo(['-f', 'raw', '-c', 'write -P 0x42 0 8M', raw])
  qemuImg(['convert', '-c', '-f', 'raw', '-O', 'qcow2', raw, path])
  for (const name of ['a', 'b']) {
    qemuImg(['snapshot', '-c', name, path])
    // Another L2 table for the active disk: the clusters are shared, the table isn't any more.
    qemuIo(['-c', 'write -P 0x51 0 64k', path])
  }
  using opened = await openMade({ path, snapshots: ['1', '2'], size: 8 * M })
  const output = scratch.file('packed.out')
  await rescue(opened.image, { output, format: 'qcow2', disk: 'all' })
  expect(qemu('qemu-img', ['check', output])).toMatchObject({ status: 0, stderr: '' })
  expect(statSync(output).blocks * 512).toBeLessThan(9 * M)
  for (const id of [undefined, '1', '2'])
    expect(sha256(guestBytes(scratch, output, id))).toBe(sha256(guestBytes(scratch, path, id)))
})

describe('clusters that are used twice', () => {
  test.each([
    ['in a window', 5],
    ['in two windows', 600],
  ])('%s are shared properly: a write to one leaves the other', async (_, other) => {
    const made = makeImage(scratch, { ...kindNamed('4k'), snapshots: false }, `cross-${other}`)
    const c = 4 * K
    qemuIo(['-c', `write -P 0x66 ${other * c} ${c}`, made.path])
    {
      using patch = new Patch(made.path)
      const first = patch.raw(patch.u64(patch.l1))
      patch.set(patch.u64(patch.l1 + 8 * Math.floor(other / 512)) + (other % 512) * 8, first)
    }
    const before = guestBytes(scratch, made.path)
    using opened = await openMade(made)
    const output = scratch.file(`cross-${other}.out`)
    await rescue(opened.image, { output, format: 'qcow2' })
    expect(qemu('qemu-img', ['check', output])).toMatchObject({ status: 0, stderr: '' })
    expect(guestBytes(scratch, output).equals(before)).toBe(true)
    qemuIo(['-c', `write -P 0x77 ${other * c} ${c}`, output])
    before.fill(0x77, other * c, (other + 1) * c)
    expect(guestBytes(scratch, output).equals(before)).toBe(true)
  })
})

test('zeros become no clusters, and stay zeros on a backing file', async () => {
  const path = scratch.file('zeros.qcow2')
  qemuImg(['create', '-q', '-f', 'qcow2', path, '8M'])
  qemuIo(['-c', 'write -P 0 0 4M', '-c', 'write -P 0x13 4M 64k', path])
  using opened = await openMade({ path, snapshots: [], size: 8 * M })
  const output = scratch.file('zeros.out')
  await rescue(opened.image, { output, format: 'qcow2' })
  expect(qemu('qemu-img', ['check', output]).status).toBe(0)
  expect(statSync(output).blocks * 512).toBeLessThan(M)
  const map = JSON.parse(qemuImg(['map', '--output=json', output])) as { zero: boolean; present: boolean }[]
  expect(map[0]).toMatchObject({ start: 0, length: 4 * M, present: true, zero: true, data: false })
})

test('an image without a header is read by that of a sibling', async () => {
  const made = makeImage(scratch, { ...kindNamed('64k'), snapshots: false }, 'headless')
  const expected = sha256(guestBytes(scratch, made.path))
  const sibling = scratch.file('sibling')
  copyFileSync(made.path, sibling)
  {
    using patch = new Patch(made.path)
    patch.fill(0, 64 * K, 0)
  }
  const source = openFileSource(made.path)
  const header = decodeHeader(readFileSync(sibling).subarray(0, 112))
  const image = await openImage(source, { header })
  for (const format of ['raw', 'qcow2'] as const) {
    const output = scratch.file(`headless.${format}`)
    expect(await rescue(image, { output, format })).toMatchObject({ complete: true })
    const bytes = format === 'raw' ? readFileSync(output) : guestBytes(scratch, output)
    expect(sha256(bytes)).toBe(expected)
  }
  source.close()
})

test('progress ends at its total', async () => {
  const made = makeImage(scratch, kindNamed('zlib-64k'), 'progress')
  using opened = await openMade(made)
  for (const format of ['raw', 'qcow2'] as const) {
    const seen: number[] = []
    let whole = 0
    const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) => {
      seen.push(done)
      whole = total
    }
    await rescue(opened.image, {
      output: scratch.file(`progress.${format}`),
      format,
      disk: 'all',
      onProgress,
    })
    expect(seen.at(-1)).toBe(whole)
    expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  }
})
