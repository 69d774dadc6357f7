import type { Search } from '../search.ts'

/**
 * Leaked clusters that are still nobody's, with everything found so far as owners.
 *
 * @param except clusters of snapshot tables, old and new
 * @param most counts no further
 */
export function leftoverLeaks(
  { survey, references }: Search,
  except: ReadonlySet<number>,
  most: number,
): number {
  let count = 0
  for (const { first, count: length } of survey.leaked)
    for (let cluster = first; cluster < first + length && count < most; cluster++)
      if (references.residual(cluster) > 0 && !except.has(cluster)) count++
  return count
}
