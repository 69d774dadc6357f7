import { afterAll, describe, expect, test } from 'vitest'
import { type Image, openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { BELIEVED } from './believed-cases.ts'
import { KINDS } from './blockers/case.ts'
import { type Edit, u16 } from './blockers/edits.ts'
import { Workshop } from './qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

async function opened(kind: keyof typeof KINDS, edit: Edit): Promise<Image> {
  const bytes = workshop.make(kind, KINDS[kind].commands)
  edit(bytes)
  return openImage(new MemorySource(bytes))
}

const MIB = 1024 * 1024

test.each(Object.keys(KINDS) as (keyof typeof KINDS)[])(
  'a healthy image has no findings: %s',
  async (kind) => {
    const image = await opened(kind, () => {})
    expect(image.findings).toEqual([])
    expect(image.blockers).toEqual([])
    expect(image.virtualSize).toBe(64 * MIB)
  },
)

describe('a header that can not be', () => {
  test.each(BELIEVED)('%s', async (_, kind, edit, codes, look, expected) => {
    const image = await opened(kind, edit)
    expect(image.findings.map(({ code }) => code)).toEqual(codes)
    expect(look(image)).toEqual(expected)
  })
})

test('a file that ends within the header', async () => {
  const bytes = workshop.make('v3', KINDS.v3.commands)
  const image = await openImage(new MemorySource(bytes.subarray(0, 90)))
  expect(image.findings.map(({ code }) => code)).toEqual([
    'header-short',
    'header-length',
    'header-refcount-table',
    'header-l1-offset',
  ])
})

test.each([
  ['nothing', new Uint8Array(0)],
  ['zeros', new Uint8Array(65536)],
  ['text', Buffer.alloc(65536, 'nothing like it')],
  ['an image of version 1', Buffer.concat([Buffer.from('QEDsomething'), Buffer.alloc(500)])],
])('not QCOW2: %s', async (_, bytes) => {
  await expect(openImage(new MemorySource(bytes))).rejects.toMatchObject({ code: 'not-qcow2' })
})

test('a header that is given takes the place of the one in the file', async () => {
  const bytes = workshop.make('snapshots', KINDS.snapshots.commands)
  const { header } = await openImage(new MemorySource(bytes))
  const damaged = Buffer.from(bytes).fill(0, 0, 4096)
  await expect(openImage(new MemorySource(damaged))).rejects.toMatchObject({ code: 'not-qcow2' })
  const image = await openImage(new MemorySource(damaged), { header })
  expect(image.findings).toEqual([])
  expect(image.snapshots.entries.map(({ name }) => name)).toEqual(['s1', 's2'])
})

test('names of files and formats are told, as text and as bytes', async () => {
  const image = await opened('backing', (bytes) => {
    u16(Number(bytes.readBigUInt64BE(8)), 0x62ff)(bytes)
  })
  expect(image.backingFile?.format).toBe('raw')
  expect(image.backingFile?.name).toMatch(/^b\ufffd/)
  expect(Buffer.from(image.backingFile?.bytes ?? []).readUInt16BE(0)).toBe(0x62ff)
  expect((await opened('data', () => {})).dataFileName).toBe(workshop.path('data.qcow2.raw'))
})
