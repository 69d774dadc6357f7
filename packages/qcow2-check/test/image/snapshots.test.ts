import { afterAll, describe, expect, test } from 'vitest'
import { type Image, openImage } from '../../src/image/index.ts'
import { type BlockSource, MemorySource } from '../../src/source/index.ts'
import { KINDS } from './blockers/case.ts'
import { all, at, type Edit, u16, u32, u64 } from './blockers/edits.ts'
import { Workshop } from './qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

async function opened(
  edit: Edit = () => {},
  cut?: number,
  kind: 'snapshots' | 'v2snapshots' = 'snapshots',
): Promise<Image> {
  const bytes = workshop.make(kind, kind === 'snapshots' ? KINDS.snapshots.commands : OLD)
  edit(bytes)
  return openImage(new MemorySource(bytes.subarray(0, cut)))
}

const OLD = [
  ['qemu-img', 'create', '-q', '-f', 'qcow2', '-o', 'compat=0.10', 'IMG', '64M'],
  ['qemu-img', 'snapshot', '-c', 's1', 'IMG'],
]

/** Entries are 72 bytes long: 40, 24 of extra data, an id and a name of 3 bytes together, 5 of padding. */
const entry = (index: number, edit: (offset: number) => Edit): Edit =>
  at(64, (table) => edit(table + index * 72))
const fill =
  (value: number, length: number) =>
  (offset: number): Edit =>
  (bytes) =>
    void bytes.fill(value, offset, offset + length)
const text =
  (offset: number, value: string): Edit =>
  (bytes) =>
    void bytes.write(value, offset, 'latin1')

test('an entry as qemu-img writes it', async () => {
  const { snapshots, fileSize } = await opened()
  expect(snapshots).toMatchObject({ length: 144, complete: true })
  expect(snapshots.offset + 139).toBe(fileSize)
  expect(snapshots.entries[1]).toEqual({
    index: 1,
    id: '2',
    name: 's2',
    l1: { offset: expect.any(Number), entries: 1, claimedEntries: 1 },
    diskSize: 64 * 1024 * 1024,
    vmStateSize: 0,
    date: expect.any(Number),
    dateNanoseconds: expect.any(Number),
    vmClock: 0n,
    icount: 0n,
    entryOffset: snapshots.offset + 72,
    entryLength: 72,
    sound: true,
    tellsDiskSize: true,
    faults: [],
  })
})

describe('an entry that can not be', () => {
  const S1 = ['s1', true]
  const S2 = ['s2', true]
  const cases: readonly (readonly [
    string,
    Edit,
    readonly string[],
    readonly (readonly (string | boolean)[])[],
  ])[] = [
    ['first one empty', entry(0, fill(0, 72)), ['snapshot-phantom', 'snapshots-count'], []],
    ['second one empty', entry(1, fill(0, 67)), ['snapshot-phantom'], [S1]],
    ['second one overwritten by a guest', entry(1, fill(0xc3, 67)), ['snapshot-entry'], [S1]],
    ['both overwritten by a guest', entry(0, fill(0xc3, 139)), ['snapshot-entry', 'snapshots-count'], []],
    ['one counted too many', u32(60, 3), ['snapshot-entry'], [S1, S2]],
    ['many counted too many', u32(60, 0x41414141), ['snapshot-entry', 'snapshots-count'], [S1, S2]],
    ['one counted of two', u32(60, 1), [], [S1]],
    ['lengths of the name lead to nowhere', entry(1, (at) => u16(at + 14, 60000)), ['snapshot-entry'], [S1]],
    [
      'extra data of 4 GiB',
      entry(0, (at) => u32(at + 36, 0xffffffff)),
      ['snapshot-entry', 'snapshots-count'],
      [],
    ],
    ['L1 unaligned', entry(0, (at) => u64(at, 0x150008n)), ['snapshot-l1-offset'], [['s1', false], S2]],
    ['L1 at 0', entry(0, (at) => u64(at, 0n)), ['snapshot-l1-offset'], [['s1', false], S2]],
    ['L1 beyond the end', entry(0, (at) => u64(at, 1n << 63n)), ['snapshot-l1-offset'], [['s1', false], S2]],
    ['L1 of no entries', entry(0, (at) => u32(at + 8, 0)), ['snapshot-l1-size'], [['s1', false], S2]],
    [
      'L1 of 2^32-1 entries',
      entry(0, (at) => u32(at + 8, 0xffffffff)),
      ['snapshot-l1-size'],
      [['s1', false], S2],
    ],
    [
      'L1 that reaches beyond the end',
      entry(1, (at) => u32(at + 8, 100_000)),
      ['snapshot-l1-offset'],
      [S1, ['s2', false]],
    ],
    [
      'a disk of 2^64-1 bytes',
      entry(0, (at) => u64(at + 48, 2n ** 64n - 1n)),
      ['snapshot-l1-size'],
      [['s1', false], S2],
    ],
    [
      'a name that is zeros in part',
      entry(0, (at) => text(at + 65, 's\0')),
      ['snapshot-entry'],
      [['s\0', false], S2],
    ],
    [
      'an id that is no number, and a name that is not UTF-8',
      entry(0, (at) => text(at + 64, 'x\xff')),
      ['snapshot-entry'],
      [['\xff1', false], S2],
    ],
    [
      'an id with a control character',
      entry(0, (at) => text(at + 64, '\x1b')),
      ['snapshot-entry'],
      [['s1', false], S2],
    ],
    [
      'nanoseconds of more than a second',
      entry(0, (at) => u32(at + 20, 1e9)),
      ['snapshot-entry'],
      [['s1', false], S2],
    ],
    [
      'neither text nor L1 can be',
      entry(0, (at) => all(u64(at, 1n), u32(at + 20, 1e9))),
      ['snapshot-entry', 'snapshots-count'],
      [],
    ],
    ['the same id', entry(1, (at) => text(at + 64, '1')), ['snapshot-duplicate'], [S1, S2]],
    ['the same name', entry(1, (at) => text(at + 65, 's1')), ['snapshot-duplicate'], [S1, S1]],
    ['the table beyond the end', u64(64, 1n << 50n), ['snapshots-offset'], []],
    ['the table at the header', u64(64, 0n), ['snapshots-offset'], []],
  ]
  test.each(cases)('%s', async (_, edit, codes, listed) => {
    const { findings, snapshots } = await opened(edit)
    expect(findings.map(({ code }) => code)).toEqual(codes)
    expect(snapshots.entries.map(({ name, sound }) => [name, sound])).toEqual(listed)
    const broken = codes.some((code) => code !== 'snapshot-duplicate')
    expect(snapshots.complete).toBe(!broken)
    for (const { sound, faults } of snapshots.entries) expect(faults.length > 0).toBe(!sound)
  })
})

test('extra data that version 3 wants and an old image has not: QEMU takes the disk size of today', async () => {
  const edit = entry(0, (at) => (bytes) => {
    bytes.writeUInt32BE(0, at + 36)
    bytes.write('1s1', at + 40, 'latin1')
    bytes.writeUInt32BE(1, 60)
  })
  const { snapshots, findings } = await opened(edit)
  expect(findings).toMatchObject([
    { code: 'snapshot-extra-data', repair: { class: 'restore-snapshots', safe: true } },
  ])
  expect(snapshots).toMatchObject({
    complete: true,
    entries: [{ name: 's1', sound: true, faults: ['snapshot-extra-data'], diskSize: 64 * 1024 * 1024 }],
  })
})

test('extra data of more than 1024 bytes: QEMU refuses it, its disk is there', async () => {
  const edit = entry(0, (at) => (bytes) => {
    bytes.writeUInt32BE(1032, at + 36)
    bytes.write('1s1', at + 40 + 1032, 'latin1')
    bytes.writeUInt32BE(1, 60)
  })
  const bytes = Buffer.concat([workshop.make('snapshots', KINDS.snapshots.commands), Buffer.alloc(4096)])
  edit(bytes)
  const { snapshots, findings, blockers } = await openImage(new MemorySource(bytes))
  expect(findings.map(({ code }) => code)).toEqual(['snapshot-extra-data'])
  expect(blockers.map(({ message }) => message)).toEqual([
    'Too much extra metadata in snapshot table entry 0',
  ])
  expect(snapshots.entries).toMatchObject([{ name: 's1', sound: false, l1: { entries: 1 } }])
})

test('version 2: extra data are not wanted', async () => {
  const edit = entry(0, (at) => (bytes) => {
    bytes.writeUInt32BE(0, at + 36)
    bytes.write('1s1', at + 40, 'latin1')
  })
  const { snapshots, findings } = await opened(edit, undefined, 'v2snapshots')
  expect(findings).toEqual([])
  expect(snapshots.entries).toMatchObject([{ name: 's1', sound: true, diskSize: 64 * 1024 * 1024 }])
})

test.each([
  ['the last name', 1, ['s1']],
  ['the last entry', 67, ['s1']],
  ['the padding of the first', 72, ['s1']],
  ['the name of the first', 73, []],
])('a file without %s', async (_, lost, names) => {
  const whole = workshop.make('snapshots', KINDS.snapshots.commands).length
  const { snapshots } = await opened(undefined, whole - lost)
  expect(snapshots.entries.map(({ name }) => name)).toEqual(names)
  expect(snapshots.complete).toBe(false)
})

test('a table of 65536 entries', async () => {
  const source = workshop.make('snapshots', KINDS.snapshots.commands)
  const table = Number(source.readBigUInt64BE(64))
  const one = source.subarray(table, table + 72)
  const bytes = Buffer.concat([source.subarray(0, table), ...Array<Buffer>(65536).fill(one)])
  bytes.writeUInt32BE(65536, 60)
  for (let index = 0; index < 65536; index++)
    bytes.write(`${index}`.padStart(3, '0').slice(-3), table + index * 72 + 64)
  const started = performance.now()
  const { snapshots, findings } = await openImage(new MemorySource(bytes))
  expect(snapshots.entries).toHaveLength(65536)
  expect(findings.length).toBeLessThanOrEqual(100)
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('names as somebody typed them: QEMU takes any bytes', async () => {
  const names = ['caf\xe9', 'caf\xe8', 'before\tupgrade', '']
  // Latin-1, which Node can't pass as an argument.
  const octal = (name: string) =>
    [...Buffer.from(name, 'latin1')].map((byte) => `\\0${byte.toString(8)}`).join('')
  const snapshot = (name: string) => [
    'sh',
    '-c',
    'qemu-img snapshot -c "$(printf "%b" "$1")" IMG',
    'sh',
    octal(name),
  ]
  const bytes = workshop.make('names', [...KINDS.v3.commands, ...names.map(snapshot)])
  const { findings, snapshots } = await openImage(new MemorySource(bytes))
  expect(findings).toEqual([])
  expect(snapshots.complete).toBe(true)
  expect(snapshots.entries.map(({ name }) => name)).toEqual(names)
})

test('entries of 64 MiB each, in a sparse file', { timeout: 20_000 }, async () => {
  const bytes = workshop.make('v3', KINDS.v3.commands)
  const [table, length] = [0x100000, 2 ** 26 - 64]
  const head = Buffer.alloc(40)
  head.writeBigUInt64BE(bytes.readBigUInt64BE(40))
  head.writeUInt32BE(1, 8)
  head.writeUInt32BE(length, 36)
  bytes.writeUInt32BE(60000, 60)
  bytes.writeBigUInt64BE(BigInt(table), 64)
  let read = 0
  const source: BlockSource = {
    name: 'sparse',
    size: 2 ** 42,
    read(target, offset) {
      read += target.length
      target.fill(0)
      if (offset < bytes.length) target.set(bytes.subarray(offset, offset + target.length))
      else if (offset >= table && (offset - table) % (40 + length) === 0)
        target.set(head.subarray(0, target.length))
      return target.length
    },
  }
  const { findings } = await openImage(source)
  expect(findings.map(({ code }) => code)).toContain('snapshot-entry')
  expect(read).toBeLessThan(2 ** 28)
})
