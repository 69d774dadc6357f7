import type { Label, Local } from './wasm-code.ts'

export const LINE_FEED = 0x0a
export const BLANK = 0x20
export const QUOTE = 0x22

/** Where a field is, for those that are asked for. */
export interface Place {
  readonly from: Local
  readonly to: Local
}

/** Where a walk goes that doesn't end. */
export interface Exits {
  /** The steps are not met: of this the walk is certain. */
  readonly fail: Label
  /** Left to the matcher. */
  readonly hand: Label
}
