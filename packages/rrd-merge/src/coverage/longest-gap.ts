import type { Coverage } from './types.ts'

/** Seconds of the longest stretch that some archive lacks between what it knows, or since. 0 where none does. */
export function longestGap(coverage: Coverage): number {
  let seconds = 0
  for (const { gaps } of coverage.archives) {
    for (const gap of gaps) {
      if (gap.position === 'hole' || gap.position === 'since') seconds = Math.max(seconds, gap.to - gap.from)
    }
  }
  return seconds
}
