import { crashStates } from '../corpus/crash-matrix.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { nextSnapshotOf } from '../corpus/next-snapshot.ts'
import type { Shape } from '../corpus/shape.ts'
import type { Scratch } from '../support/scratch.ts'
import { repairState, stateOf } from './state.ts'

/**
 * Repairs all 128 states that a snapshot can be left in halfway.
 *
 * @returns what must not be: a disk that isn't whole, a snapshot listed with what no disk held, data overwritten or
 *   freed, an image that isn't consistent in the end
 */
export async function matrixFailures(shape: Shape, scratch: Scratch): Promise<string[]> {
  const healthy = await makeHealthy(shape)
  const { id } = nextSnapshotOf(healthy)
  const failures: string[] = []
  for (const { written, bytes } of crashStates(healthy)) {
    const name = written.join('+') || 'nothing'
    const { safe, wanted, allowed } = await repairState(stateOf(healthy, name, bytes, id), scratch)
    for (const [when, phase] of [
      ['safe', safe],
      [`with ${wanted.join(' ')}`, allowed],
    ] as const) {
      const lost = Object.entries(phase.fates).filter(([, fate]) => fate !== 'whole')
      for (const [disk, fate] of lost) failures.push(`${name}: ${when}: ${disk || 'active disk'} ${fate}`)
      if (phase.phantoms.length > 0) failures.push(`${name}: ${when}: a wrong snapshot is listed`)
      if (phase.destroyed + phase.freed > 0) failures.push(`${name}: ${when}: data was destroyed`)
    }
    if (allowed.ending !== 'consistent') failures.push(`${name}: with ${wanted.join(' ')}: ${allowed.ending}`)
  }
  return failures
}
