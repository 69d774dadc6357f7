import type { FindingCode } from './codes.ts'

/**
 * `corruption`: QEMU may read or write the wrong bytes. `leak`: space that nothing references. `error`: a part could not
 * be checked. `warning`: nothing is broken in the image itself, but someone should look. `note`: worth knowing.
 */
export type Severity = 'corruption' | 'leak' | 'error' | 'warning' | 'note'

/** What an operator must allow by name, because it can change what a guest sees or give up what is in the file. */
export const CONSENT_CLASSES = [
  'free-leaks',
  'drop-snapshot',
  'adopt-snapshot',
  'zero-cluster',
  'clear-reserved',
  'relink',
  'split-cross-link',
  'extend-file',
  'drop-bitmaps',
  'pin-leaks',
] as const
/** A class of repairs that an operator must allow by name. */
export type ConsentClass = (typeof CONSENT_CLASSES)[number]

/** What a repair does without being asked, because it is proven safe. */
export const SAFE_CLASSES = [
  'fix-header',
  'fix-flags',
  'fix-refcount',
  'fix-copied',
  'rebuild-refcounts',
  'restore-snapshots',
  'restore-mapping',
  'ignore-bitmaps',
] as const
/** A class of repairs that are done without being asked. */
export type SafeClass = (typeof SAFE_CLASSES)[number]

/** What kind of repair an action is. */
export type RepairClass = SafeClass | ConsentClass

/** How a finding can be repaired. */
export interface Remedy {
  /** `none`: it can only be rescued from, or needs no repair. */
  readonly class: RepairClass | 'none'
  /** Done without `--allow`. */
  readonly safe: boolean
  /** Something that is in the file can't be reached through the image afterwards. */
  readonly lossy: boolean
}

/** A range of the guest's disk, bytes. */
export interface GuestRange {
  readonly offset: number
  readonly length: number
}

/** What the text of a finding is made of. */
export type FieldValue = string | number | bigint | boolean

/** Something that is wrong with an image, or worth knowing about it. Neighbouring ones of a kind are one finding. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** Where it lies in the file, bytes: the faulty structure, or the clusters concerned. */
  readonly offset: number
  readonly length: number
  /** What part of the guest's disk it concerns, where that is known. */
  readonly guest?: GuestRange
  /** Id of the snapshot it concerns; absent for the active disk and for the image as a whole. */
  readonly snapshot?: string
  readonly repair: Remedy
  /** What its text is made of; the names are listed with the code in docs/codes.md. */
  readonly fields: Readonly<Record<string, FieldValue>>
}
