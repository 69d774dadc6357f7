import type { Coverage } from './types.ts'

/** What became of one file that was looked at. */
export interface FileCoverage {
  readonly path: string
  /** The path's bytes in base64, where they are no UTF-8. */
  readonly pathBase64?: string
  readonly coverage?: Coverage
  readonly error?: { readonly code: string; readonly message: string }
}

export interface TreeTotals {
  readonly files: number
  readonly failed: number
  /** Files with at least one gap between known rows. */
  readonly withGaps: number
  readonly cells: number
  readonly known: number
  readonly share: number
}

/** What `rrd-merge coverage --json` prints after the name of its schema; schema/coverage.schema.json describes it. */
export interface CoverageDocument {
  readonly files: readonly FileDocument[]
  readonly totals: TreeTotals
}

export type FileDocument = Pick<FileCoverage, 'path' | 'pathBase64' | 'error'> & Partial<Coverage>

export function coverageDocument(files: readonly FileCoverage[]): CoverageDocument {
  return {
    files: files.map(({ coverage, ...file }) => ({ ...file, ...coverage })),
    totals: totalsOf(files),
  }
}

export function totalsOf(files: readonly FileCoverage[]): TreeTotals {
  let cells = 0
  let known = 0
  let failed = 0
  let withGaps = 0
  for (const { coverage } of files) {
    if (coverage === undefined) {
      failed++
      continue
    }
    cells += coverage.cells
    known += coverage.known
    if (coverage.archives.some((archive) => archive.gaps.some((gap) => gap.position === 'hole'))) withGaps++
  }
  return { files: files.length, failed, withGaps, cells, known, share: cells === 0 ? 1 : known / cells }
}
