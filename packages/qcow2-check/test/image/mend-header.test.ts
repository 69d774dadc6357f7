import { afterAll, expect, test } from 'vitest'
import { mendHeader, openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { KINDS } from './blockers/case.ts'
import {
  all,
  at,
  BITMAPS,
  CRYPTO,
  type Edit,
  FEATURES,
  FORMAT,
  inExtension,
  u8,
  u32,
  u64,
} from './blockers/edits.ts'
import { qemuRefusal, Workshop } from './qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

type Kind = keyof typeof KINDS

/** The header as it was comes back, byte by byte. */
const restored: readonly (readonly [string, Kind, Edit])[] = [
  ['magic', 'v3', u32(0, 0)],
  ['version', 'v3', u32(4, 0x33)],
  ['version', 'v2', u32(4, 0x1000002)],
  ['header length', 'v3', u32(100, 0)],
  ['header length', 'v3', u32(100, 0x80000070)],
  ['cluster bits', 'v3', u32(20, 0x110)],
  ['cluster bits', 'v2', u32(20, 0)],
  ['cluster bits', 'small', u32(20, 8)],
  ['cluster bits', 'large', u32(20, 0x17)],
  ['cluster bits', 'extended', u32(20, 0x4e)],
  ['cluster bits', 'luks', u32(20, 0x12)],
  ['cluster bits, possible but wrong', 'v3', u32(20, 17)],
  ['cluster bits, possible but wrong', 'snapshots', u32(20, 20)],
  ['cluster bits, possible but wrong', 'small', u32(20, 13)],
  ['cluster bits and refcount order', 'snapshots', all(u32(20, 48), u32(96, 36))],
  ['refcount order', 'v3', u32(96, 0x104)],
  ['refcount order of 1 bit', 'refcount1', u32(96, 0x40)],
  ['refcount order of 64 bits', 'refcount64', u32(96, 0x46)],
  ['refcount order and cluster size', 'small', u32(96, 0x14)],
  ['compression type', 'v3', u8(104, 0x80)],
  ['compression type', 'zstd', u8(104, 0x81)],
  ['compression bit', 'zstd', u64(72, 0n)],
  ['compression bit', 'v3', u64(72, 8n)],
  ['encryption method', 'v3', u32(32, 0x100)],
  ['encryption method', 'luks', u32(32, 0x102)],
  ['encryption method', 'luks', u32(32, 0)],
  ['L1 entries', 'snapshots', u32(36, 0)],
  ['disk size, where a snapshot has it', 'snapshots', u64(24, (1n << 63n) | (64n << 20n))],
  [
    'disk size, too large for its L1 table',
    'snapshots',
    all(
      u64(24, 64n << 24n),
      at(40, (l1) => (bytes) => void bytes.fill(0x55, l1 + 8, l1 + 16)),
    ),
  ],
  ['place of no snapshots', 'v3', u64(64, 0x123n)],
  ['raw external data without a data file', 'v3', u64(88, 2n)],
  ['unknown features', 'v3', u64(72, 0x8000000000000020n)],
  ['unknown features and a compression bit', 'zstd', u64(72, 0x20n)],
  ['length of the feature names', 'v3', inExtension(FEATURES, (ext) => u32(ext + 4, 0x80000180))],
  [
    'length of the feature names, bitmaps behind them',
    'bitmaps',
    inExtension(FEATURES, (ext) => u32(ext + 4, 0x10180)),
  ],
  ['length of the backing format', 'backing', inExtension(FORMAT, (ext) => u32(ext + 4, 0x103))],
  ['length of the bitmaps', 'bitmaps', inExtension(BITMAPS, (ext) => u32(ext + 4, 25))],
  ['length of the encryption header', 'luks', inExtension(CRYPTO, (ext) => u32(ext + 4, 8))],
]

test.each(restored)('%s of %s', async (_, kind, edit) => {
  const original = workshop.make(kind, KINDS[kind].commands)
  const bytes = Buffer.from(original)
  edit(bytes)
  expect((await openImage(new MemorySource(bytes))).findings).not.toEqual([])
  for (const { offset, bytes: right } of await mendHeader(await openImage(new MemorySource(bytes))))
    bytes.set(right, offset)
  expect(bytes.subarray(0, 4096).equals(original.subarray(0, 4096))).toBe(true)
  expect((await openImage(new MemorySource(bytes))).findings).toEqual([])
})

test('broken bitmaps are ignored, and QEMU opens the image', async () => {
  const bytes = workshop.make('bitmaps', KINDS.bitmaps.commands)
  inExtension(BITMAPS, (ext) => u64(ext + 24, 0x555n))(bytes)
  const path = workshop.write('bitmaps-broken', bytes)
  expect(qemuRefusal(path, 'read')).toMatch(/invalid bitmap directory offset/)
  const [mend, ...others] = await mendHeader(await openImage(new MemorySource(bytes)))
  expect(others).toEqual([])
  expect(mend).toMatchObject({ class: 'ignore-bitmaps', offset: 88, code: 'bitmap-directory' })
  bytes.set(mend?.bytes ?? [], mend?.offset)
  expect(qemuRefusal(workshop.write('bitmaps-ignored', bytes), 'write')).toBeUndefined()
  const { findings } = await openImage(new MemorySource(bytes))
  expect(findings.map(({ code }) => code)).toEqual(['bitmaps-stale'])
})

test.each(Object.keys(KINDS) as Kind[])('nothing is mended in a healthy image: %s', async (kind) => {
  const bytes = workshop.make(kind, KINDS[kind].commands)
  expect(await mendHeader(await openImage(new MemorySource(bytes)))).toEqual([])
})

test.each([
  ['an L1 table somewhere', u64(40, 0x777n)],
  ['a refcount table somewhere', u64(48, 0x777n)],
  ['a backing file name somewhere', u64(8, 0x77777n)],
] as const)('what takes a search, or can not be known, is left: %s', async (_, edit) => {
  const bytes = workshop.make('v3', KINDS.v3.commands)
  edit(bytes)
  const mends = await mendHeader(await openImage(new MemorySource(bytes)))
  expect(mends.map(({ code }) => code)).toEqual([])
})
