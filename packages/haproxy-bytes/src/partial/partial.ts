import type { LogNotes } from '../notes/index.ts'
import type { LogIdentity } from '../source/index.ts'
import type { Group, LineCounts } from '../totals/index.ts'

/** What was counted in one piece of one log. */
export interface PartialSource {
  readonly identity: LogIdentity
  /** Lines that begin at `from` or later and before `to` were counted; bytes, decompressed. */
  readonly from: number
  readonly to: number
  readonly lines: Readonly<LineCounts>
  readonly groups: readonly Group[]
  readonly notes: LogNotes
}

/** A part of a total, to be merged with others. */
export interface PartialResult {
  /** Of the groups, in their order. */
  readonly keys: readonly string[]
  /** All that changes what is counted (formats, zone, span of time), as text: only equal ones may be merged. */
  readonly settings: string
  readonly sources: readonly PartialSource[]
}

export type PartialErrorCode = 'overlap' | 'other-keys' | 'other-settings' | 'no-partial' | 'bad-row'

const WHY: Readonly<Record<PartialErrorCode, string>> = {
  overlap: 'pieces of the same log overlap in part: some of its lines would count twice',
  'other-keys': 'the parts are divided by different keys',
  'other-settings': 'the parts were counted with other formats, zones or spans of time',
  'no-partial': 'this is no partial result',
  'bad-row': 'a row of a partial result is damaged or missing',
}

/** Parts that can't be merged. */
export class PartialError extends Error {
  override readonly name = 'PartialError'
  readonly code: PartialErrorCode
  readonly detail: string

  constructor(code: PartialErrorCode, detail = '') {
    super(detail === '' ? WHY[code] : `${WHY[code]}: ${detail}`)
    this.code = code
    this.detail = detail
  }
}
