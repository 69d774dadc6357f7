import type { Writable } from 'node:stream'
import cliProgress from 'cli-progress'
import { RateMeter } from './rate.ts'
import { formatBytes, formatCount, formatDuration } from './units.ts'

/** What the line shows; the worker changes it, the line reads it. */
export interface ProgressState {
  readonly what: string
  readonly unit: 'bytes' | 'items'
  readonly total: number | undefined
  readonly done: number
  /** Milliseconds. */
  readonly began: number
}

/** A line on a terminal that refreshes itself. */
export interface ProgressLine {
  clear(): void
  stop(): void
}

const refresh = 100

/** Shows a line, refreshed ten times a second. The process does not stay alive for it. */
export function showProgress(
  stream: Writable & { readonly columns?: number },
  state: ProgressState,
  now: () => number,
): ProgressLine {
  const meter = new RateMeter(state.began)
  const bar = new cliProgress.SingleBar({
    stream: stream as NodeJS.WritableStream,
    format: () => progressText(state, meter, stream.columns || 80),
    fps: 1000 / refresh,
    clearOnComplete: true,
    hideCursor: false,
    linewrap: true,
    barsize: 20,
    emptyOnZero: true,
    gracefulExit: false,
  })
  const clear = (): void => {
    stream.write('\r\u001b[K')
  }
  bar.start(state.total ?? 0, state.done)
  const timer = setInterval(() => {
    meter.observe(state.done, now())
    bar.setTotal(state.total ?? 0)
    bar.update(state.done)
  }, refresh)
  timer.unref()
  let stopped = false
  return {
    clear: () => {
      if (!stopped) clear()
    },
    stop: () => {
      if (stopped) return
      stopped = true
      clearInterval(timer)
      bar.stop()
      clear()
    },
  }
}

/** `merging  45 % [#########-----------]  1.2 GiB of 2.6 GiB  123 MiB/s  12 s left`, cut to the terminal's width. */
export function progressText(state: ProgressState, meter: RateMeter, columns: number): string {
  const { what, total, done, unit } = state
  const amount = unit === 'bytes' ? formatBytes : formatCount
  const rate = meter.rate()
  const parts = [what]
  if (total !== undefined && total > 0) {
    const share = Math.min(1, done / total)
    const filled = Math.round(share * 20)
    parts.push(`${Math.floor(share * 100)} %`, `[${'#'.repeat(filled)}${'-'.repeat(20 - filled)}]`)
    parts.push(`${amount(done)} of ${amount(total)}`)
  } else parts.push(amount(done))
  if (rate > 0) parts.push(`${amount(rate)}/s`)
  if (rate > 0 && total !== undefined && total > done)
    parts.push(`${formatDuration(((total - done) / rate) * 1000)} left`)
  return parts.join('  ').slice(0, Math.max(10, columns - 1))
}
