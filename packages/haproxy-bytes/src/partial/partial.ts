import type { LogNotes } from '../notes/index.ts'
import type { LogIdentity } from '../source/index.ts'
import type { GroupTable, LineCounts } from '../totals/index.ts'

/** What was counted in one piece of one log. */
export interface PartialSource {
  readonly identity: LogIdentity
  /** Lines that begin at `from` or later and before `to` were counted; bytes, decompressed. */
  readonly from: number
  readonly to: number
  readonly lines: Readonly<LineCounts>
  readonly groups: GroupTable
  readonly notes: LogNotes
}

/** A part of a total, to be merged with others. */
export interface PartialResult {
  /** Of the groups, in their order. */
  readonly keys: readonly string[]
  /** All that changes what is counted (formats, zone, span of time), by name: only equal ones may be merged. */
  readonly settings: Readonly<Record<string, string>>
  readonly sources: readonly PartialSource[]
}

/** Why parts can't be merged: `overlap`, `other-keys`, `other-settings`; or not even be read. */
export type PartialErrorCode = 'overlap' | 'other-keys' | 'other-settings' | 'no-partial' | 'bad-row'

const WHY: Readonly<Record<PartialErrorCode, string>> = {
  overlap: 'pieces of the same log overlap in part: some of its lines would count twice',
  'other-keys': 'the parts are divided by different keys',
  'other-settings': 'the parts were counted with other formats, zones or spans of time',
  'no-partial': 'this is no partial result',
  'bad-row': 'a row of a partial result is damaged or missing',
}

const REMEDY: Readonly<Record<PartialErrorCode, string>> = {
  overlap: 'make them anew: whole logs, or all shards of the same I/N while the log does not grow',
  'other-keys': 'make all of them with the same --by',
  'other-settings': 'make all of them with the same --format, --config, --tz, --since and --until',
  'no-partial': 'name what `total --partial` printed',
  'bad-row': 'make it anew with `total --partial`; was it copied whole?',
}

/** Parts that can't be merged. */
export class PartialError extends Error {
  override readonly name = 'PartialError'
  readonly code: PartialErrorCode
  /** What differs or overlaps, in words; empty where the code says it all. */
  readonly detail: string
  /** What to do about it. */
  readonly remedy: string
  /** Of the file it is about, where it is one. */
  readonly path?: string

  constructor(code: PartialErrorCode, detail = '', path?: string) {
    const why = detail === '' ? WHY[code] : `${WHY[code]}: ${detail}`
    super(path === undefined ? why : `${path}: ${why}`)
    this.code = code
    this.detail = detail
    this.remedy = REMEDY[code]
    if (path !== undefined) this.path = path
  }
}
