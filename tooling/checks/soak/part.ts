/** What the programs of a soak share: how long, from which seed, and how they tell the result. */
export interface Part {
  readonly seed: number
  /** Until the time is over; each part does at least one round. */
  readonly goesOn: () => boolean
}

export function beginPart(): Part {
  const [seconds = '60', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2)
  const until = performance.now() + Number(seconds) * 1000
  let rounds = 0
  return { seed: Number(seed), goesOn: () => rounds++ === 0 || performance.now() < until }
}

/** One line of JSON, which `runSoak` keeps; what failed decides the exit. */
export function endPart(figures: Readonly<Record<string, unknown>>, failures: readonly string[]): void {
  process.stdout.write(`${JSON.stringify({ figures, failures: failures.slice(0, 50) })}\n`)
  process.exitCode = failures.length === 0 ? 0 : 1
}
