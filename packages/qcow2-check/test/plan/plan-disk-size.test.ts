import { afterAll, describe, expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import type { ConsentClass } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { type Plan, planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { u32, u64 } from '../image/blockers/edits.ts'
import { qemuRefusal, Workshop } from '../image/qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

const SIZE = 100n << 20n
const PLAIN = [
  ['qemu-img', 'create', '-q', '-f', 'qcow2', 'IMG', '100M'],
  ['qemu-io', '-c', 'write -q -P 1 0 1M', 'IMG'],
] as const
const SNAPSHOT = [...PLAIN, ['qemu-img', 'snapshot', '-c', 's1', 'IMG']] as const
const GROWN = [
  ...PLAIN,
  ['qemu-img', 'resize', '-q', 'IMG', '1G'],
  ['qemu-io', '-c', 'write -q -P 1 600M 64k', 'IMG'],
] as const

async function repaired(bytes: Buffer, allow: readonly ConsentClass[] = []): Promise<[Buffer, Plan]> {
  const source = new MemorySource(Buffer.from(bytes))
  const image = await openImage(source)
  const plan = await planRepair(image, await survey(image), { allow })
  for (const { writes } of plan.actions) for (const { offset, after } of writes) source.write(after, offset)
  return [Buffer.from(source.bytes), plan]
}

const BITS = Array.from({ length: 35 }, (_, at) => at + 29)

describe('one wrong bit of the size of a disk', () => {
  const told = workshop.make('told', SNAPSHOT)
  const alone = workshop.make('alone', PLAIN)

  test('a snapshot tells the size: it comes back', async () => {
    for (const bit of BITS) {
      const bytes = Buffer.from(told)
      u64(24, SIZE ^ (1n << BigInt(bit)))(bytes)
      expect(qemuRefusal(workshop.write('told-damaged', bytes), 'read')).toBeDefined()
      expect((await openImage(new MemorySource(bytes))).virtualSize).toBe(Number(SIZE))
      const [after] = await repaired(bytes)
      expect(after.equals(told), `bit ${bit}`).toBe(true)
    }
  })

  test('nothing tells the size: the disk does not become longer without consent', async () => {
    for (const bit of BITS) {
      const bytes = Buffer.from(alone)
      u64(24, SIZE ^ (1n << BigInt(bit)))(bytes)
      const [after, plan] = await repaired(bytes)
      expect(after.equals(bytes), `bit ${bit}`).toBe(true)
      expect(plan.after.verdict).not.toBe('consistent')
    }
  })

  test('with consent QEMU opens the disk as long as the header says', async () => {
    const bytes = Buffer.from(alone)
    u64(24, SIZE ^ (1n << 30n))(bytes)
    const [, { wanted }] = await repaired(bytes)
    expect(wanted).toEqual([{ class: 'relink', codes: ['header-l1-size'] }])
    const [after, plan] = await repaired(bytes, ['relink'])
    expect(plan.actions).toMatchObject([{ class: 'relink', safe: false, active: true }])
    expect(qemuRefusal(workshop.write('longer', after), 'write')).toBeUndefined()
  })
})

test('an L1 table that goes on behind its last entry is as long as the disk takes', async () => {
  const grown = workshop.make('grown', GROWN)
  const bytes = Buffer.from(grown)
  u32(36, 1)(bytes)
  const [after, plan] = await repaired(bytes)
  expect(plan.actions.map((action) => action.class)).toEqual(['fix-header'])
  expect(after.equals(grown)).toBe(true)
})
