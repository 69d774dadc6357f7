import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeHealthy } from '../corpus/healthy.ts'
import { type Change, killStates } from '../corpus/kill-states.ts'
import { nextSnapshotOf } from '../corpus/next-snapshot.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Scratch } from '../support/scratch.ts'
import { repairState, stateOf } from './state.ts'

const scratch = new Scratch('qcow2-killed')
afterAll(() => scratch[Symbol.dispose]())

const CHANGES: readonly { change: Change; deleted?: string }[] = [
  { change: ['create', 'next'] },
  { change: ['delete', 's1'], deleted: '1' },
]

/** QEMU's threads share its calls, and each counts its own: a round has 7 to 16 states, and another round others. */
const LEAST_STATES = 8
const MOST_ROUNDS = 4

interface Killed {
  readonly states: number
  /** What was lost, or listed and wrong. */
  readonly harm: readonly string[]
  /** What is whole, and not consistent in the end. */
  readonly open: readonly string[]
}

async function repairKilled({ change, deleted }: (typeof CHANGES)[number]): Promise<Killed> {
  const healthy = await makeHealthy(shapeNamed('v3-4k-two'))
  const { id } = nextSnapshotOf(healthy)
  const harm: string[] = []
  const open: string[] = []
  let states = 0
  for (let round = 0; states < LEAST_STATES && round < MOST_ROUNDS; round++)
    for (const { at, bytes } of killStates(healthy, change)) {
      states++
      const { safe, wanted, allowed } = await repairState(stateOf(healthy, at, bytes, id), scratch)
      for (const phase of [safe, allowed])
        for (const [key, fate] of Object.entries(phase.fates))
          if (fate !== 'whole' && !(key === deleted && fate === 'missing'))
            harm.push(`${at}: ${key || 'active'}: ${fate}`)
      if (allowed.phantoms.length > 0) harm.push(`${at}: a wrong snapshot is listed`)
      if (allowed.ending !== 'consistent') open.push(`${at}: with ${wanted}: ${allowed.ending}`)
    }
  return { states, harm, open }
}

/** A real qemu-img, killed at each of its writes in turn. */
describe.each(CHANGES)('qemu-img killed: $change', (killed) => {
  let repaired: Promise<Killed>
  beforeAll(() => {
    repaired = repairKilled(killed)
  })

  test('nothing is lost, and what was going on is there whole or not at all', async () => {
    const { states, harm } = await repaired
    expect(states).toBeGreaterThanOrEqual(LEAST_STATES)
    expect(harm).toEqual([])
  })

  test('all end consistent', async () => {
    expect((await repaired).open).toEqual([])
  })
})
