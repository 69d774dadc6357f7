/** A deadline for everything that waits for another process: a rig that hangs would say nothing. */
export class LateError extends Error {
  readonly code = 'late'
  readonly what: string
  constructor(what: string) {
    super(`waited too long for ${what}`)
    this.what = what
  }
}

/** The promise, or a LateError after so many milliseconds. */
export async function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(what)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Asks again until there is an answer. Other processes tell nobody when they are done, so they have to be asked;
 * between two questions the loop turns, and a machine with two cores lets the other one work.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  milliseconds = 10_000,
): Promise<T> {
  const end = Date.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new LateError(what)
    await new Promise((turn) => setTimeout(turn, 2))
  }
}
