import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { type Healthy, makeHealthy } from '../corpus/healthy.ts'
import { INTRUSIONS, type Raced, race } from '../corpus/races.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { qemuAsync } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { repairState, stateOf } from './state.ts'

const scratch = new Scratch('qcow2-raced')
afterAll(() => scratch[Symbol.dispose]())

/** The disks as they must come out: the active one as the writer left it, old snapshots as they were. */
function referenceOf(healthy: Healthy, { active }: Raced): Healthy {
  const [disk, ...snapshots] = healthy.layout.disks
  if (disk === undefined) throw new Error('no active disk')
  return {
    ...healthy,
    contents: new Map(healthy.contents).set(undefined, active),
    // What the writer overwrote is no damage.
    layout: { ...healthy.layout, disks: [{ ...disk, mapped: [] }, ...snapshots] },
  }
}

describe.each(['v3-64k-two', 'v3-4k-two'])('a writer and a second process without locks, %s', (name) => {
  test.each(INTRUSIONS)('$name', async ({ name: intrusion, ...rest }) => {
    const healthy = await makeHealthy(shapeNamed(name))
    const raced = await race(healthy, { name: intrusion, ...rest })
    const path = scratch.file('raced.qcow2')
    writeFileSync(path, raced.bytes)
    expect((await qemuAsync('qemu-img', ['check', path])).status).not.toBe(0)

    const { safe, allowed } = await repairState(
      stateOf(referenceOf(healthy, raced), intrusion, raced.bytes),
      scratch,
    )
    const deleted = intrusion.includes('delete') ? (/-delete-create/.test(intrusion) ? '2' : '1') : undefined
    for (const phase of [safe, allowed]) {
      expect(phase.fates['']).toBe('whole')
      for (const id of ['1', '2']) if (id !== deleted) expect([id, phase.fates[id]]).toEqual([id, 'whole'])
      expect(phase.destroyed).toBe(0)
    }
    expect(allowed.phantoms).toEqual([])
    expect(allowed.ending).toBe('consistent')
  })
})
