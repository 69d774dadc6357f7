import type { Search } from '../search.ts'

/** Entries of a sound format beyond the end of the file; fewer may be wrong each for itself. */
const MANY = 3

/**
 * Whether the file was longer once. What its entries name behind the end is gone then, and a table or cluster that is
 * left is never theirs, however near it is.
 */
export function isCutOff({ survey, active }: Search): boolean {
  if (survey.findings.some(({ code }) => code === 'truncated')) return true
  // Where the refcounts of what was cut off went with it, several entries that lack nothing else tell the same.
  return active.read.beyond.size >= MANY
}
