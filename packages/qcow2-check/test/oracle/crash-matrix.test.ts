import { afterAll, describe, expect, test } from 'vitest'
import { crashStates, ROLES } from '../corpus/crash-matrix.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { nextSnapshotOf } from '../corpus/next-snapshot.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Scratch } from '../support/scratch.ts'
import { repairState, stateOf } from './state.ts'

const scratch = new Scratch('qcow2-matrix')
afterAll(() => scratch[Symbol.dispose]())

/**
 * QEMU changes seven places when it takes a snapshot. Whichever of them reached the disk: the active disk and both old
 * snapshots survive, and the new one is listed only with what the active disk held.
 */
describe.each(['v3-4k-two', 'v3-64k-two'])(
  'every subset of what `qemu-img snapshot -c` writes, %s',
  (name) => {
    test('active disk and old snapshots: 128 of 128', async () => {
      const healthy = await makeHealthy(shapeNamed(name))
      const states = crashStates(healthy)
      expect(states).toHaveLength(2 ** ROLES.length)
      const { id } = nextSnapshotOf(healthy)
      const failures: string[] = []
      for (const { written, bytes } of states) {
        const state = stateOf(healthy, written.join('+') || 'nothing', bytes, id)
        const { safe, wanted, allowed } = await repairState(state, scratch)
        for (const [when, phase] of [
          ['safe', safe],
          [`with ${wanted}`, allowed],
        ] as const) {
          const lost = Object.entries(phase.fates).filter(([, fate]) => fate !== 'whole')
          if (lost.length > 0)
            failures.push(`${state.name}: ${when}: ${JSON.stringify(Object.fromEntries(lost))}`)
          if (phase.phantoms.length > 0) failures.push(`${state.name}: ${when}: a wrong snapshot is listed`)
          if (phase.destroyed + phase.freed > 0) failures.push(`${state.name}: ${when}: data was destroyed`)
        }
        if (allowed.ending !== 'consistent')
          failures.push(`${state.name}: with ${wanted.join(' ') || 'nothing'}: ${allowed.ending}`)
      }
      expect(failures).toEqual([])
    })
  },
)
