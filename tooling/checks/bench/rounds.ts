/** One way to do the work, and what has to stand there before it begins. */
export interface Method {
  readonly name: string
  /** Not timed. */
  readonly prepare: () => void | Promise<void>
  readonly run: () => void | Promise<void>
  /** Throws where the outcome isn't what it should be: a fast wrong answer is no answer. Not timed. */
  readonly verify?: () => void | Promise<void>
}

/** Milliseconds of each round, by method. */
export type Timings = ReadonlyMap<string, readonly number[]>

/**
 * Runs all methods in turn, round after round, the order reversed every other round, so that a machine that slows down
 * or speeds up meets all alike. The first round warms up and is not counted where `warmUp`.
 */
export async function timeRounds(
  methods: readonly Method[],
  rounds: number,
  say: (text: string) => void,
  warmUp = false,
): Promise<Timings> {
  const timings = new Map<string, number[]>(methods.map(({ name }) => [name, []]))
  for (let round = warmUp ? -1 : 0; round < rounds; round++) {
    for (const method of round % 2 === 0 ? methods : [...methods].reverse()) {
      await method.prepare()
      const since = performance.now()
      await method.run()
      const took = performance.now() - since
      await method.verify?.()
      if (round >= 0) timings.get(method.name)?.push(took)
      say(`round ${round + 1}  ${method.name}  ${took.toFixed(0)} ms`)
    }
  }
  return timings
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** Median of the rounds' own ratios: each round's two times were taken under the same conditions. */
export function pairedRatio(timings: Timings, of: string, against: string): number {
  const a = timings.get(of) ?? []
  const b = timings.get(against) ?? []
  return median(a.map((value, round) => value / (b[round] as number)))
}
