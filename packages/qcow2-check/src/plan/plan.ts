import type { CheckCounts, Verdict } from '../check/survey.ts'
import type { ConsentClass, Finding, FindingCode, GuestRange, RepairClass } from '../findings/index.ts'

/**
 * When a write may reach the disk, so that a crash in between leaves no reference to a cluster that QEMU takes for free.
 * In this order, with a flush between.
 */
export const PHASES = ['append', 'raise', 'link', 'header', 'lower'] as const
/** When a write is made; see `PHASES`. */
export type Phase = (typeof PHASES)[number]

/** A run of bytes to be replaced. `before` is shorter than `after` (or empty) where the file ends. */
export interface Write {
  readonly offset: number
  readonly before: Uint8Array
  readonly after: Uint8Array
  readonly phase: Phase
}

/** One step of a repair: what it is for, and every byte of it. */
export interface Action {
  /** Unique in its plan, and the same in a plan computed again for the same image: class, code and offset. */
  readonly id: string
  readonly class: RepairClass
  readonly safe: boolean
  readonly lossy: boolean
  /** The finding it cures. */
  readonly code: FindingCode
  /** One sentence. */
  readonly why: string
  readonly writes: readonly Write[]
  /** Guest ranges whose bytes change; of a safe action, those that were lost and come back. */
  readonly guest: readonly GuestRange[]
  /** Ids of snapshots that change, come back or go. */
  readonly snapshots: readonly string[]
  /** The active disk is among those whose bytes change in `guest`. */
  readonly active?: true
}

/** What tells an image from others and from itself after a change. */
export interface ImageFingerprint {
  readonly size: number
  /** sha256 of the metadata that the plan was made from (header, tables, refcounts), hex. */
  readonly digest: string
}

/** What a repair would do, to the byte, and what it leads to; nothing has been written. */
export interface Plan {
  readonly fingerprint: ImageFingerprint
  readonly actions: readonly Action[]
  /** Length of the file afterwards, bytes. */
  readonly finalSize: number
  /** State that this plan leads to, as surveyed on the overlay. */
  readonly after: {
    readonly verdict: Verdict
    readonly counts: CheckCounts
    /** What stays. */
    readonly findings: readonly Finding[]
  }
  /** Ids of actions that were planned as safe and taken out again, for the guest would have read other bytes: a bug. */
  readonly refused: readonly string[]
  /** Classes that would cure more, with the findings they would cure. */
  readonly wanted: readonly { readonly class: ConsentClass; readonly codes: readonly FindingCode[] }[]
}
