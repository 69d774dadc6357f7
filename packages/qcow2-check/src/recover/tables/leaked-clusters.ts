import type { Search } from '../search.ts'

/** Leaked clusters that nothing found so far has, ascending; as numbers. */
export function leakedClusters(
  { survey, references }: Search,
  except: ReadonlySet<number>,
  most: number,
): number[] {
  const clusters: number[] = []
  for (const { first, count } of survey.leaked)
    for (let cluster = first; cluster < first + count && clusters.length < most; cluster++)
      if (references.residual(cluster) > 0 && !except.has(cluster)) clusters.push(cluster)
  return clusters
}
