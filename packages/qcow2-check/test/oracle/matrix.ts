import { crashStates } from '../corpus/crash-matrix.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { nextSnapshotOf } from '../corpus/next-snapshot.ts'
import type { Shape } from '../corpus/shape.ts'
import type { Scratch } from '../support/scratch.ts'
import { repairState, stateOf } from './state.ts'

export interface Matrix {
  /** What must not be: a disk that isn't whole, a snapshot listed with what no disk held, data overwritten or freed. */
  readonly harm: readonly string[]
  /** States that aren't consistent after a repair with the classes that the plan names. */
  readonly open: readonly string[]
}

/** Repairs all 128 states that a snapshot can be left in halfway. */
export async function repairMatrix(shape: Shape, scratch: Scratch): Promise<Matrix> {
  const healthy = await makeHealthy(shape)
  const { id } = nextSnapshotOf(healthy)
  const harm: string[] = []
  const open: string[] = []
  for (const { written, bytes } of crashStates(healthy)) {
    const name = written.join('+') || 'nothing'
    const { safe, wanted, allowed } = await repairState(stateOf(healthy, name, bytes, id), scratch)
    for (const [when, phase] of [
      ['safe', safe],
      [`with ${wanted.join(' ')}`, allowed],
    ] as const) {
      const lost = Object.entries(phase.fates).filter(([, fate]) => fate !== 'whole')
      for (const [disk, fate] of lost) harm.push(`${name}: ${when}: ${disk || 'active disk'} ${fate}`)
      if (phase.phantoms.length > 0) harm.push(`${name}: ${when}: a wrong snapshot is listed`)
      if (phase.destroyed + phase.freed > 0) harm.push(`${name}: ${when}: data was destroyed`)
    }
    if (allowed.ending !== 'consistent') open.push(`${name}: with ${wanted.join(' ')}: ${allowed.ending}`)
  }
  return { harm, open }
}
