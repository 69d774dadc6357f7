import type { Finding } from '../findings/index.ts'

/** What makes a finding the same in two looks at an image. */
const keyOf = ({ code, offset, length, snapshot, guest }: Finding): string =>
  `${code} ${offset} ${length} ${snapshot ?? ''} ${guest?.offset ?? ''}`

/**
 * Findings of two looks at a live image that both have: what a writer had not written yet in one of them is gone in the
 * other. Neither look is of one moment, so even these are no more than a hint.
 *
 * @returns those of the second look
 */
export function stableFindings(first: readonly Finding[], second: readonly Finding[]): Finding[] {
  const known = new Set(first.map(keyOf))
  return second.filter((finding) => known.has(keyOf(finding)))
}
