import { afterAll, describe, expect, test } from 'vitest'
import { entryOffset, getRefcount, readEntry, reftableOffset } from '../../src/format/index.ts'
import { type Image, openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { at, BITMAPS, type Edit, inExtension, u8, u32, u64 } from './blockers/edits.ts'
import { Workshop } from './qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

/** Two bitmaps, the first with bits set: QEMU stores it when it closes the image. */
function made(clusterSize: number): Buffer {
  return workshop.make(`bitmaps-${clusterSize}`, [
    ['qemu-img', 'create', '-q', '-f', 'qcow2', '-o', `cluster_size=${clusterSize}`, 'IMG', '16M'],
    ['qemu-img', 'bitmap', '--add', '-g', '512', 'IMG', 'first'],
    ['qemu-img', 'bitmap', '--add', '-g', '64k', 'IMG', 'second'],
    ['qemu-img', 'bitmap', '--disable', 'IMG', 'second'],
    ['qemu-io', '-c', 'write 1M 64k', '-c', 'write 12M 4k', 'IMG'],
  ])
}

async function opened(clusterSize: number, edit: Edit = () => {}): Promise<Image> {
  const bytes = made(clusterSize)
  edit(bytes)
  return openImage(new MemorySource(bytes))
}

/** Refcount of a cluster, read by hand. */
function refcountOf(bytes: Buffer, { geometry, refcountTable }: Image, cluster: number): number {
  const { refcountBlockEntries: entries, clusterSize } = geometry
  const table = bytes.subarray(refcountTable.offset)
  const { high, low } = readEntry(table, Math.floor(cluster / entries))
  const block = reftableOffset(high, low)
  return block === 0 ? 0 : getRefcount(bytes.subarray(block, block + clusterSize), 4, cluster % entries)
}

describe.each([512, 4096, 65536])('with clusters of %i bytes', (clusterSize) => {
  test('they own what QEMU allocated for them, once each', async () => {
    const bytes = made(clusterSize)
    const image = await opened(clusterSize)
    expect(image.findings).toEqual([])
    expect(image.bitmaps).toEqual([
      { name: 'first', granularity: 512, inUse: false, auto: true },
      { name: 'second', granularity: 65536, inUse: false, auto: false },
    ])
    const owned = new Set<number>()
    for (const { offset, length } of image.owned)
      for (
        let cluster = Math.floor(offset / clusterSize);
        cluster * clusterSize < offset + length;
        cluster++
      ) {
        expect(owned.has(cluster)).toBe(false)
        owned.add(cluster)
        expect(refcountOf(bytes, image, cluster)).toBe(1)
      }
    const kinds = new Set(image.owned.map(({ kind, bitmap }) => `${kind} ${bitmap ?? ''}`.trim()))
    expect(kinds).toEqual(
      new Set(['bitmap-directory', 'bitmap-table first', 'bitmap-table second', 'bitmap-data first']),
    )
  })

  test('without the autoclear bit they own nothing: their clusters are leaks', async () => {
    const image = await opened(clusterSize, u64(88, 0n))
    expect(image).toMatchObject({ owned: [], bitmaps: [] })
    expect(image.findings.map(({ code, severity }) => [code, severity])).toEqual([['bitmaps-stale', 'note']])
    expect(image.blockers).toEqual([])
  })
})

const directory = (edit: (offset: number) => Edit) =>
  inExtension(BITMAPS, (extension) => at(extension + 24, edit))

describe('broken', () => {
  const cases: readonly (readonly [string, Edit, readonly string[], readonly string[]])[] = [
    ['in use', directory((entry) => u32(entry + 12, 3)), ['bitmap-in-use'], ['bitmap-table', 'bitmap-data']],
    ['an entry that can not be', directory((entry) => u8(entry + 16, 9)), ['bitmap-entry'], []],
    ['a table anywhere', directory((entry) => u64(entry, 0x777n)), ['bitmap-entry'], []],
    [
      'an entry of its table with reserved bits',
      directory((entry) => at(entry, (table) => u64(table, 2n))),
      ['bitmap-table'],
      ['bitmap-table'],
    ],
    ['a directory of no bytes', inExtension(BITMAPS, (ext) => u64(ext + 16, 0n)), ['bitmap-directory'], []],
    ['too many bitmaps', inExtension(BITMAPS, (ext) => u32(ext + 8, 70000)), ['bitmap-directory'], []],
  ]
  test.each(cases)('%s', async (_, edit, codes, kinds) => {
    const image = await opened(65536, edit)
    expect(image.findings.map(({ code }) => code)).toEqual(codes)
    expect(image.owned.filter(({ bitmap }) => bitmap === 'first').map(({ kind }) => kind)).toEqual(kinds)
  })
})

test('a table that 65535 bitmaps name is not read 65535 times', async () => {
  const source = made(65536)
  const image = await opened(65536)
  const place = image.owned.find(({ kind }) => kind === 'bitmap-table')?.offset ?? 0
  const entry = Buffer.alloc(32)
  entry.writeBigUInt64BE(BigInt(place), 0)
  entry.writeUInt32BE(8192, 8)
  entry.writeUInt32BE(1, 12)
  entry.writeUInt16BE(0x0109, 16)
  entry.writeUInt16BE(5, 18)
  const start = Math.ceil(source.length / 65536) * 65536
  const bytes = Buffer.alloc(start + 65535 * 32)
  source.copy(bytes)
  for (let index = 0; index < 65535; index++) {
    entry.copy(bytes, start + index * 32)
    bytes.write(`${index}`.padStart(5, '0'), start + index * 32 + 24)
  }
  inExtension(BITMAPS, (ext) => (edited: Buffer) => {
    edited.writeUInt32BE(65535, ext + 8)
    edited.writeBigUInt64BE(65535n * 32n, ext + 16)
    edited.writeBigUInt64BE(BigInt(start), ext + 24)
  })(bytes)
  let read = 0
  const memory = new MemorySource(bytes)
  const counting = {
    name: 'counting',
    size: memory.size,
    read: (target: Uint8Array, offset: number) => {
      read += target.length
      return memory.read(target, offset)
    },
  }
  const started = performance.now()
  const { findings, bitmaps } = await openImage(counting)
  expect(bitmaps).toHaveLength(65535)
  expect(findings.some(({ code }) => code === 'too-much-work')).toBe(true)
  expect(read).toBeLessThan(3 * bytes.length)
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('a cluster of the bitmap is where the table says', async () => {
  const bytes = made(65536)
  const { owned } = await opened(65536)
  const table = owned.find(({ kind }) => kind === 'bitmap-table')
  const data = owned.find(({ kind }) => kind === 'bitmap-data')
  const { high, low } = readEntry(bytes.subarray(table?.offset), 0)
  expect(entryOffset(high, low)).toBe(data?.offset)
  // One bit a sector: 128 of the write at 1 MiB.
  expect(bytes.subarray((data?.offset ?? 0) + 256, (data?.offset ?? 0) + 272)).toEqual(Buffer.alloc(16, 0xff))
})
