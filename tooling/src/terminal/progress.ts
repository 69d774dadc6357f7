import type { Writable } from 'node:stream'
import type { ProgressLine } from './progress-line.ts'

/** What a progress line counts. */
export interface ProgressOptions {
  /** What is going on, in a word or two: `merging`, `reading`. */
  readonly what: string
  /** How much there is to do, where known: then percentage and time left are shown. */
  readonly total?: number
  readonly unit: 'bytes' | 'items'
}

export interface Progress {
  /** Sets how much is done (not how much was added). Cheap: it only stores. */
  update(done: number): void
  /** Sets how much there is to do, where that is learnt or corrected later. */
  setTotal(total: number): void
  /** Takes the line away. Call it in a `finally`; more than once is fine. */
  stop(): void
}

export type ProgressFactory = (options: ProgressOptions) => Progress

/** Work that is done within this time (milliseconds) shows no progress. */
const patience = 1000

/** The progress lines of a run: at most one is shown at a time, the one begun last. */
export interface ProgressBoard {
  readonly start: ProgressFactory
  /** Takes the line away before something else is written; it comes back with its next refresh. */
  readonly clear: () => void
}

/**
 * Progress on a stream. Where it is not wanted nothing is loaded, timed or written.
 *
 * @param stream asked for when the first line is shown
 * @param wanted asked when work begins
 * @param now milliseconds
 */
export function progressBoard(
  stream: () => Writable & { readonly columns?: number },
  wanted: () => boolean,
  now: () => number = Date.now,
): ProgressBoard {
  let shown: ProgressLine | undefined
  const start: ProgressFactory = ({ what, total, unit }) => {
    if (!wanted()) return silent
    const state = { what, unit, total, done: 0, began: now() }
    let line: ProgressLine | undefined
    let stopped = false
    const timer = setTimeout(async () => {
      const { showProgress } = await import('./progress-line.ts')
      if (stopped) return
      shown?.stop()
      line = showProgress(stream(), state, now)
      shown = line
    }, patience)
    timer.unref()
    return {
      update: (done) => {
        state.done = done
      },
      setTotal: (all) => {
        state.total = all
      },
      stop: () => {
        stopped = true
        clearTimeout(timer)
        line?.stop()
        if (shown === line) shown = undefined
      },
    }
  }
  return { start, clear: () => shown?.clear() }
}

const silent: Progress = { update: () => {}, setTotal: () => {}, stop: () => {} }
