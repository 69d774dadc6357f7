import type { Cost } from './measured.ts'

/** What an image of a few MiB may cost any command, whatever it claims. */
export const MOST_SECONDS = 20
export const MOST_BYTES = 400e6

export function overruns({ status, stderr, seconds, peak }: Cost): string[] {
  return [
    ...(seconds > MOST_SECONDS ? [`${seconds.toFixed(1)} s`] : []),
    ...(peak > MOST_BYTES ? [`${Math.round(peak / 1e6)} MB`] : []),
    ...(status === null ? ['did not end'] : []),
    ...(/internal error|^\s+at /m.test(stderr) ? [stderr.slice(0, 500)] : []),
  ]
}
