import type { Geometry, Header } from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'
import type { BlockerList } from './blocker-list.ts'
import type { FindingsList } from './findings-list.ts'

/** What the parts of opening share. */
export interface OpenContext {
  readonly source: BlockSource
  readonly fileSize: number
  readonly header: Header
  readonly geometry: Geometry
  readonly findings: FindingsList
  readonly blockers: BlockerList
  /** What our own bitmaps keep counts as leaked. */
  readonly withoutPins: boolean
}
