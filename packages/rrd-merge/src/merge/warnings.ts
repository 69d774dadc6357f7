import type { Warning } from '../report/warning.ts'

/** Codes of everything a merge may remark; each has a section in docs/merging.md. */
export const MERGE_WARNING_CODES = [
  'ds-missing',
  'ds-extra',
  'ds-map-unused',
  'ds-type-differs',
  'ds-bounds-narrower',
  'ds-position-doubtful',
  'step-differs',
  'archive-unmatched',
  'archive-dropped',
  'archive-cyclic',
  'history-dropped',
  'no-overlap',
  'newer-old',
  'old-unused',
  'structure-changed',
  'consolidated',
  'derived-cf',
  'resampled',
  'expanded',
  'seam-recomputed',
  'bounds-only',
  'not-idempotent',
  'out-of-range',
  'erased',
] as const

/** Each has a section in docs/merging.md. */
export type MergeWarningCode = (typeof MERGE_WARNING_CODES)[number]

/** A remark about what was merged, with the fields that its section in docs/merging.md names. */
export interface MergeWarning extends Warning {
  readonly code: MergeWarningCode
}

export function warning(
  code: MergeWarningCode,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): MergeWarning {
  return { code, message, ...fields }
}

/** A span as admins say it: 60 s, 5 min, 6 h, 1 d. */
export function spanText(span: number): string {
  for (const [seconds, unit] of [
    [86400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const) {
    if (span >= seconds && span % seconds === 0 && (unit !== 'min' || span > 60))
      return `${span / seconds} ${unit}`
  }
  return `${span} s`
}

/** How messages call an OLD: by its place in the order given where there are several. */
export const oldLabel = (index: number, count: number): string => (count > 1 ? `OLD ${index + 1}` : 'OLD')
