import { readFileSync, truncateSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { rescue } from '../../src/rescue/index.ts'
import { kindNamed, makeImage } from '../mapping/make-image.ts'
import { guestBytes } from '../mapping/reference.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { Patch } from './damage.ts'
import { openMade } from './open.ts'

const scratch = new Scratch('qcow2-damaged')
afterAll(() => scratch[Symbol.dispose]())

const K = 1024
const M = K * K
const BEYOND = 1n << 50n

interface Lost {
  readonly offset: number
  readonly length: number
  readonly reason: string
}

interface Damage {
  readonly name: string
  readonly kind: string
  /** Breaks the image, and says what is lost of the active disk. */
  readonly apply: (patch: Patch, path: string) => readonly Lost[]
}

/** 4k clusters: windows of 2 MiB, three of them. */
const WINDOW = 2 * M

const DAMAGES: readonly Damage[] = [
  {
    name: 'an L1 entry beyond the end',
    kind: '4k',
    apply: (patch) => {
      patch.set(patch.l1 + 8, BEYOND)
      return [{ offset: WINDOW, length: WINDOW, reason: 'l1-entry-beyond-end' }]
    },
  },
  {
    name: 'an L1 entry between clusters',
    kind: '4k',
    apply: (patch) => {
      patch.set(patch.l1 + 8, patch.raw(patch.l1 + 8) + 512n)
      return [{ offset: WINDOW, length: WINDOW, reason: 'l1-entry-unaligned' }]
    },
  },
  {
    name: 'an L1 entry of rubbish without an offset',
    kind: '4k',
    apply: (patch) => {
      patch.set(patch.l1 + 8, 0x4200_0000_0000_0000n)
      return [{ offset: WINDOW, length: WINDOW, reason: 'l1-entry-reserved' }]
    },
  },
  {
    name: 'an L1 entry with a reserved bit beside its offset: nothing',
    kind: '4k',
    apply: (patch) => {
      patch.set(patch.l1 + 8, patch.raw(patch.l1 + 8) | (1n << 60n))
      return []
    },
  },
  {
    name: 'an L2 entry beyond the end',
    kind: '64k',
    apply: (patch) => {
      patch.set(patch.u64(patch.l1), BEYOND)
      return [{ offset: 0, length: 64 * K, reason: 'l2-entry-beyond-end' }]
    },
  },
  {
    name: 'an L2 entry between clusters',
    kind: '64k',
    apply: (patch) => {
      const at = patch.u64(patch.l1) + 8
      patch.set(at, patch.raw(at) + 1024n)
      return [{ offset: 64 * K, length: 64 * K, reason: 'l2-entry-unaligned' }]
    },
  },
  {
    name: 'an L2 table full of text: every cluster',
    kind: '64k',
    apply: (patch) => {
      patch.fill(patch.u64(patch.l1), 64 * K, 0x61)
      return [{ offset: 0, length: 6 * M, reason: 'l2-entry-beyond-end' }]
    },
  },
  {
    name: 'a zero flag in version 2',
    kind: 'v2-64k',
    apply: (patch) => {
      const at = patch.u64(patch.l1)
      patch.set(at, patch.raw(at) | 1n)
      return [{ offset: 0, length: 64 * K, reason: 'l2-entry-reserved' }]
    },
  },
  {
    name: 'a subcluster both allocated and zero',
    kind: 'extended-64k',
    apply: (patch) => {
      const at = patch.u64(patch.l1) + 8
      patch.set(at, patch.raw(at) | (1n << 37n))
      return [{ offset: 5 * 2 * K, length: 2 * K, reason: 'l2-subclusters' }]
    },
  },
  {
    name: 'a compressed cluster of rubbish',
    kind: 'zlib-64k',
    apply: (patch) => {
      const entry = patch.raw(patch.u64(patch.l1) + 3 * 8)
      patch.fill(Number(entry & ((1n << 54n) - 1n)), 600, 0xff)
      return [{ offset: 3 * 64 * K, length: 64 * K, reason: 'compressed-data' }]
    },
  },
  {
    name: 'an L1 offset of the header that can not be',
    kind: '64k',
    apply: (patch) => {
      patch.set(40, 12345n)
      return [{ offset: 0, length: 6 * M, reason: 'header-l1-offset' }]
    },
  },
]

/** Equal everywhere but where something is lost; there it is zeros. */
function expectRescued(bytes: Buffer, expected: Buffer, lost: readonly Lost[]): void {
  const wanted = Buffer.from(expected)
  for (const { offset, length } of lost) wanted.fill(0, offset, offset + length)
  expect(bytes.length).toBe(wanted.length)
  expect(bytes.equals(wanted)).toBe(true)
}

describe('only what is broken is lost', () => {
  test.each(DAMAGES)('$name', async ({ name, kind, apply }) => {
    const made = makeImage(scratch, kindNamed(kind), `d${name.length}`)
    const expected = guestBytes(scratch, made.path)
    let lost: readonly Lost[]
    {
      using patch = new Patch(made.path)
      lost = apply(patch, made.path)
    }
    using opened = await openMade(made)
    const status = (range: Lost) => ({ ...range, status: 'lost' })
    const raw = scratch.file('out.raw')
    const result = await rescue(opened.image, { output: raw, format: 'raw', force: true })
    expect(result.disks[0]?.lost).toEqual(lost.map(status))
    expect(result.complete).toBe(lost.length === 0)
    expectRescued(readFileSync(raw), expected, lost)

    const qcow2 = scratch.file('out.qcow2')
    const again = await rescue(opened.image, { output: qcow2, format: 'qcow2', disk: 'all', force: true })
    expect(again.disks[0]?.lost).toEqual(lost.map(status))
    expect(qemu('qemu-img', ['check', qcow2])).toMatchObject({ status: 0, stderr: '' })
    expectRescued(guestBytes(scratch, qcow2), expected, lost)

    const planned = await rescue(opened.image, {
      output: scratch.file('none'),
      format: 'qcow2',
      dryRun: true,
    })
    // Compressed data is read only where something is written.
    if (lost.every(({ reason }) => reason !== 'compressed-data'))
      expect(planned.disks[0]?.lost).toEqual(lost.map(status))
  })

  test('a truncated file: what lies beyond its end', async () => {
    const made = makeImage(scratch, kindNamed('64k'), 'cut')
    const expected = guestBytes(scratch, made.path)
    const before = readFileSync(made.path).length
    truncateSync(made.path, before - 3 * 64 * K)
    using opened = await openMade(made)
    const output = scratch.file('cut.raw')
    const result = await rescue(opened.image, { output, format: 'raw', force: true })
    const lost = result.disks[0]?.lost ?? []
    expect(lost.length).toBeGreaterThan(0)
    expect(lost.every(({ reason }) => reason === 'l2-entry-beyond-end')).toBe(true)
    expectRescued(readFileSync(output), expected, lost)
  })

  test('an L2 table of zeros: its window, where a survey found it', async () => {
    const made = makeImage(scratch, kindNamed('4k'), 'zeroed')
    const expected = guestBytes(scratch, made.path)
    {
      using patch = new Patch(made.path)
      patch.fill(patch.u64(patch.l1 + 8), 4 * K, 0)
    }
    using opened = await openMade(made)
    const output = scratch.file('zeroed.raw')
    const guest = { offset: WINDOW, length: WINDOW }
    const repair = { class: 'none', safe: false, lossy: false } as const
    const result = await rescue(opened.image, {
      output,
      format: 'raw',
      findings: [{ code: 'lost-l2', severity: 'leak', offset: 0, length: 0, guest, repair, fields: {} }],
    })
    expect(result.disks[0]?.lost).toEqual([{ ...guest, reason: 'lost-l2', status: 'lost' }])
    expectRescued(readFileSync(output), expected, [{ ...guest, reason: 'lost-l2' }])
  })

  test('snapshots stay whole where only the active tables are broken', async () => {
    const made = makeImage(scratch, kindNamed('64k'), 'active')
    const expected = made.snapshots.map((id) => guestBytes(scratch, made.path, id))
    {
      using patch = new Patch(made.path)
      patch.fill(patch.l1, 8, 0xee)
      patch.fill(0, 4, 0)
    }
    expect(qemu('qemu-img', ['info', '-f', 'qcow2', made.path]).status).not.toBe(0)
    using opened = await openMade(made)
    const output = scratch.file('active.qcow2')
    const result = await rescue(opened.image, { output, format: 'qcow2', disk: 'all' })
    expect(result.disks.map(({ lostBytes }) => lostBytes)).toEqual([6 * M, 0, 0])
    expect(qemu('qemu-img', ['check', output]).status).toBe(0)
    for (const [index, id] of made.snapshots.entries())
      expect(guestBytes(scratch, output, id).equals(expected[index] as Buffer)).toBe(true)
  })
})
