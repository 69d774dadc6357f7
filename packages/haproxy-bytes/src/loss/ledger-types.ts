import type { SampleFacts } from './estimate.ts'
import type { Range } from './range.ts'
import type { LossPlace } from './report.ts'

/**
 * What tells of a loss. `lc`: numbers of %lc that no line has; a place: who dropped them said so; `dropped-logs`: what
 * HAProxy could not send; `counters`: more requests than lines; `rt`: numbers of %rt that no line has.
 */
export type LossEvidence = LossPlace | 'lc' | 'dropped-logs' | 'counters' | 'rt'

/**
 * Why a figure has no better bounds. `threads`: two threads may have written one number; `never-told`: dropping began,
 * and nobody said how much it came to; `other-sender`: the pid is that of no line; `shared`: what was dropped may be
 * other programs'; `not-in-counter`: %lc shows no line missing there; `unlogged`: requests that the configuration
 * doesn't log, or streams without a line, count too; `several-targets`: each log target counts by itself;
 * `since-start`: the count may be from before the logs; `unread`: lines that arrived, and that could not be read, are
 * among them.
 */
export type LossReason =
  | 'threads'
  | 'never-told'
  | 'other-sender'
  | 'shared'
  | 'not-in-counter'
  | 'unlogged'
  | 'several-targets'
  | 'since-start'
  | 'unread'

/** Bytes of lines that nobody has: how many at least, likely and at most. */
export interface ByteFigure extends Range {
  /** `exact`: from counters; `estimated`: 95 % of such losses lie between; `unknown`: no line to compare with. */
  readonly kind: 'exact' | 'bounded' | 'estimated' | 'unknown'
}

/** One loss: each lost line is in one entry only, whoever tells of it. */
export interface LossEntry {
  readonly evidence: LossEvidence
  /** Milliseconds of UTC: between these lines were lost. */
  readonly from?: number
  readonly until?: number
  readonly host?: string
  readonly pid?: number
  /** Undefined: of any frontend. */
  readonly frontend?: string
  readonly lines: Range
  readonly bytes: ByteFigure
  /** Of %lc or %rt. */
  readonly gaps?: number
  /** Others that tell of the same lines, and of how many. */
  readonly seenBy: readonly { readonly evidence: LossEvidence; readonly lines?: number }[]
  readonly reasons: readonly LossReason[]
  /** What the bytes were estimated by. */
  readonly sample?: SampleFacts
}

export interface FrontendLoss {
  /** Undefined: lines of which nobody says which frontend wrote them. */
  readonly frontend?: string
  readonly lines: Range
  readonly bytes: ByteFigure
}

/**
 * What is missing for an exact count: `lc`: %lc in the log-format; `snapshots`: counters from before and after;
 * `reports`: the files in which the log daemon writes its own messages.
 */
export type Lacking = 'lc' | 'snapshots' | 'reports'

/** What was lost, and how surely. */
export interface Ledger {
  /** `unknown`: nothing tells whether lines were lost, which doesn't exclude it. */
  readonly kind: 'exact' | 'bounded' | 'unknown'
  /** Undefined where `unknown`. */
  readonly lines?: Range
  readonly bytes?: ByteFigure
  /** True where the evidence excludes that more was lost than it shows, between the first line and the last. */
  readonly complete: boolean
  readonly entries: readonly LossEntry[]
  readonly frontends: readonly FrontendLoss[]
  /** Lines that are not written on purpose (`log ... sample`). */
  readonly configured: Range
  readonly lacking: readonly Lacking[]
  /** Lines that arrived. */
  readonly arrived: number
  /** Instants of the first and last of them. */
  readonly from?: number
  readonly until?: number
}
