/**
 * What `rrd-merge check` says beyond what opening a file proves, by stable code. `error`: rrdtool refuses the file,
 * reads beyond its fields or computes nonsense; `warning`: it works, but not as whoever made it meant; `note`: worth
 * knowing.
 */
export type FindingCode =
  | 'trailing-bytes'
  | 'never-updated'
  | 'last-update-future'
  | 'usec-range'
  | 'ds-name-invalid'
  | 'ds-name-duplicate'
  | 'ds-type-unknown'
  | 'ds-heartbeat-zero'
  | 'ds-heartbeat-below-step'
  | 'ds-bounds-crossed'
  | 'ds-reading-unterminated'
  | 'ds-prep-unknown-range'
  | 'rpn-unterminated'
  | 'rpn-empty'
  | 'rpn-operator-unknown'
  | 'rpn-reference-range'
  | 'rpn-reference-later'
  | 'cf-unknown'
  | 'xff-range'
  | 'hw-dependent-missing'
  | 'hw-dependent-cf'
  | 'failures-window-range'
  | 'prep-unknown-range'
  | 'version-too-low'
  | 'archive-unknown'
  | 'cells-infinite'
  | 'cells-out-of-bounds'

/** `error`: the file is broken; `warning`: it works, hardly as meant; `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note'

/** Something `checkRrd` found; docs/format.md has a line for each code. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** One line, without the file's name. */
  readonly message: string
  /** Byte offset of the field in the file. */
  readonly offset?: number
  /** Name of the data source. */
  readonly dataSource?: string
  /** Index of the archive. */
  readonly archive?: number
}

/** A name as messages show it: whatever bytes it has, on one line and harmless to a terminal. */
export const shown = (name: string): string =>
  JSON.stringify(name).replace(/[^ -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
