import type { Verdict } from '../../src/check/survey.ts'
import type { ConsentClass, FindingCode } from '../../src/findings/index.ts'
import type { Workpiece } from './workpiece.ts'

/** What is expected of an image after a repair. */
export type Ending = 'consistent' | 'leaks' | 'corrupt' | 'incomplete'

/** What a check says; `not-qcow2`: that it is no image at all. */
export type Found = Verdict | 'not-qcow2'

export interface Expectation {
  /** Codes that must be among the findings; of a list in the list, one. */
  readonly findings: readonly (FindingCode | readonly FindingCode[])[]
  readonly verdict: Found | readonly Found[]
  /** What `qemu-img check` says after a repair without consent. */
  readonly safe: Ending | readonly Ending[]
  /** And after a second one, with the classes that the plan names. */
  readonly allowed?: Ending | readonly Ending[]
  /** Classes that the plan must name. */
  readonly wants?: readonly ConsentClass[]
  /**
   * Disks whose guest bytes may differ from what they were, or which may be gone, because what said where they are is
   * not in the file any more: ids, undefined for the active disk. Bytes that were overwritten are known without this.
   */
  readonly gone?: readonly (string | undefined)[]
  /** Nothing in the file tells that anything is wrong: a check finds nothing, and the guest reads the wrong bytes. */
  readonly undetectable?: true
  /** Id of a snapshot that was being made: it may be there afterwards, with what the active disk held. */
  readonly extra?: string
  /** Only refcounts are wrong: counts must be those of qemu-img. */
  readonly countsAsQemu?: boolean
  /** One damage of several: what it alone would have let QEMU read, another may have kept from it. */
  readonly several?: true
}

export interface Damage {
  /** group/variant, unique. */
  readonly name: string
  /** Row of the taxonomy in the reference, 1 to 22. */
  readonly row: number
  /** What happened to the image. */
  readonly story: string
  /** Shapes it is done to, beside those that every damage is done to; by default those of STANDARD. */
  readonly shapes?: readonly string[]
  /** Does it; undefined where the image has nothing that could be damaged so. */
  readonly inflict: (work: Workpiece) => Expectation | undefined
}
