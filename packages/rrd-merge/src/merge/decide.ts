import type { MergeOptions } from './options.ts'

/** What a channel says about a cell. */
export interface Voice {
  /** NaN where unknown. */
  value: number
  /** The channel has the row at all, so that `value` NaN means: recorded as unknown. */
  present: boolean
  /** The value follows from recorded ones without a guess, and so may replace or join a known one. */
  firm: boolean
}

/** Gives the value a cell shall have: `mine` itself where it stays. */
export type Decision = (mine: number, voices: readonly Voice[], time: number) => number

/** The rule for a cell, by policy (see docs/merging.md). */
export function decisionFor({ policy = 'fill', cut, nan = 'zero' }: MergeOptions): Decision {
  if (cut !== undefined) return (mine, voices, time) => (time > cut ? mine : takeRecorded(mine, voices[0]))
  switch (policy) {
    case 'fill':
      return (mine, [old]) => (Number.isNaN(mine) && old !== undefined ? old.value : mine)
    case 'prefer-old':
      return (mine, [old]) =>
        old !== undefined && !Number.isNaN(old.value) && (old.firm || Number.isNaN(mine)) ? old.value : mine
    case 'sum':
      return (mine, voices) => combine(mine, voices, add, nan === 'propagate', false)
    case 'avg':
      return (mine, voices) => combine(mine, voices, add, nan === 'propagate', true)
    case 'max':
      return (mine, voices) => combine(mine, voices, Math.max, false, false)
    case 'min':
      return (mine, voices) => combine(mine, voices, Math.min, false, false)
  }
}

/** Whether an OLD has a say in what the cell is after the merge, even if that is what it was before. */
export function hasSay(
  { policy = 'fill', cut }: MergeOptions,
  mine: number,
  voices: readonly Voice[],
  time: number,
): boolean {
  if (cut !== undefined && time > cut) return false
  const fillsOnly = policy === 'fill' && cut === undefined
  return voices.some(({ value, present, firm }) => {
    const speaks = cut === undefined ? !Number.isNaN(value) : present
    // A guess that is there already was taken in an earlier merge, which this one must agree with.
    return speaks && (Number.isNaN(mine) || (!fillsOnly && (firm || Object.is(mine, value))))
  })
}

const add = (a: number, b: number): number => a + b

/** OLD's as it was recorded, unknown included; a guess only fills. */
function takeRecorded(mine: number, old: Voice | undefined): number {
  if (old === undefined || !old.present) return mine
  return old.firm || Number.isNaN(mine) ? old.value : mine
}

function combine(
  mine: number,
  voices: readonly Voice[],
  join: (a: number, b: number) => number,
  propagate: boolean,
  mean: boolean,
): number {
  let total = mine
  let known = Number.isNaN(mine) ? 0 : 1
  const guessesAllowed = known === 0
  for (const { value, present, firm } of voices) {
    if (!present || (!firm && !guessesAllowed)) continue
    if (Number.isNaN(value)) {
      if (propagate) return Number.NaN
      continue
    }
    if (propagate && guessesAllowed) return Number.NaN
    total = known === 0 ? value : join(total, value)
    known++
  }
  return mean && known > 1 ? total / known : total
}
