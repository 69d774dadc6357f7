import type { Picture } from '../picture.ts'
import { timeZone } from '../times.ts'

/** What the page's script reads: an axis a file, a list of shares a strip. */
export interface PageData {
  readonly timeZone: string
  readonly files: Readonly<Record<string, FileData>>
}

export interface FileData {
  readonly edges: readonly number[]
  /** By the strip's id; shares in 1/10000, null where the archive has no row. */
  readonly strips: Readonly<Record<string, readonly (number | null)[]>>
}

export function pageData(
  pictures: readonly { readonly prefix: string; readonly picture: Picture }[],
): PageData {
  const files: Record<string, FileData> = {}
  for (const { prefix, picture } of pictures) {
    const strips: Record<string, (number | null)[]> = {}
    picture.groups.forEach((group, groupIndex) => {
      group.lines.forEach(({ archive }, lineIndex) => {
        if (!archive.cyclic)
          strips[`${prefix}s${groupIndex}-${lineIndex}`] = archive.strip.map(tenThousandths)
      })
    })
    files[prefix] = { edges: picture.axis.edges, strips }
  }
  return { timeZone: timeZone(), files }
}

/** Never rounds a hole, or the only known cell, away. */
function tenThousandths(share: number | null): number | null {
  if (share === null || share <= 0 || share >= 1) return share === null ? null : share * 10_000
  return Math.min(Math.max(Math.round(share * 10_000), 1), 9_999)
}
