import { execFileSync } from 'node:child_process'
import { afterAll, expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { KINDS } from '../image/blockers/case.ts'
import { all, BITMAPS, type Edit, inExtension, u8, u32, u64 } from '../image/blockers/edits.ts'
import { qemuRefusal, Workshop } from '../image/qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

const FILLED = [...KINDS.snapshots.commands, ['qemu-io', '-c', 'write -P 0xa5 1M 256k', 'IMG']] as const

const cases: readonly (readonly [string, Edit, readonly string[]])[] = [
  ['magic', u32(0, 0), []],
  ['version', u32(4, 0x83), []],
  ['header length', u32(100, 0x71), []],
  ['cluster bits', u32(20, 0x30), []],
  ['cluster bits that are possible', u32(20, 18), []],
  ['cluster bits and refcount order', all(u32(20, 0x30), u32(96, 9)), []],
  ['refcount order', u32(96, 0x14), []],
  ['compression type', u8(104, 3), []],
  ['encryption method', u32(32, 0x80), []],
  ['disk size', u64(24, (1n << 60n) | (64n << 20n)), []],
  ['L1 entries', u32(36, 0), []],
  ['raw external data without a data file', u64(88, 2n), []],
  ['unknown features', u64(72, 0x20n), ['clear-reserved']],
]

/** Repaired, the image is byte for byte what it was. */
test.each(cases)('%s', async (name, edit, allow) => {
  const original = workshop.make('filled', FILLED)
  const bytes = Buffer.from(original)
  edit(bytes)
  expect(qemuRefusal(workshop.write('damaged', bytes), 'write')).toBeDefined()
  const source = new MemorySource(bytes)
  const image = await openImage(source)
  const plan = await planRepair(image, await survey(image), { allow: allow as 'clear-reserved'[] })
  for (const { writes } of plan.actions) for (const { offset, after } of writes) source.write(after, offset)
  expect(plan.after.verdict).toBe('consistent')
  expect(plan.wanted).toEqual([])
  expect(source.bytes.length).toBe(original.length)
  expect(Buffer.compare(source.bytes, original)).toBe(0)
  const path = workshop.write(`repaired-${name.replaceAll(' ', '-')}`, source.bytes)
  expect(execFileSync('qemu-img', ['check', '-f', 'qcow2', path], { encoding: 'utf8' })).toContain(
    'No errors',
  )
})

test('unknown features are left without consent, and the plan says what it wants', async () => {
  const bytes = workshop.make('filled', FILLED)
  u64(72, 0x20n)(bytes)
  const image = await openImage(new MemorySource(bytes))
  const plan = await planRepair(image, await survey(image))
  expect(plan.actions).toEqual([])
  expect(plan.wanted).toEqual([{ class: 'clear-reserved', codes: ['header-unknown-feature'] }])
})

test('broken bitmaps are ignored; their clusters stay', async () => {
  const bytes = workshop.make('bitmaps', KINDS.bitmaps.commands)
  inExtension(BITMAPS, (ext) => u64(ext + 24, 0x1230n))(bytes)
  const source = new MemorySource(bytes)
  const image = await openImage(source)
  const plan = await planRepair(image, await survey(image))
  expect(plan.actions).toMatchObject([
    { class: 'ignore-bitmaps', safe: true, lossy: true, code: 'bitmap-directory' },
  ])
  for (const { writes } of plan.actions) for (const { offset, after } of writes) source.write(after, offset)
  expect(qemuRefusal(workshop.write('ignored', source.bytes), 'write')).toBeUndefined()
})
