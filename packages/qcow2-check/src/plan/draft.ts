import type { FindingCode, GuestRange, RepairClass } from '../findings/index.ts'
import { SAFE_CLASSES } from '../findings/index.ts'
import { type BlockSource, OverlaySource } from '../source/index.ts'
import { ClusterSet } from './cluster-set.ts'
import type { Action, Phase, Write } from './plan.ts'
import { readPadded } from './read-padded.ts'

/** What an action is for; its bytes are given apart. */
export interface ActionSpec {
  readonly class: RepairClass
  readonly code: FindingCode
  /** Where the finding lies; makes the id. */
  readonly offset: number
  readonly why: string
  /** Something that is in the file can't be reached through the image afterwards. */
  readonly lossy?: boolean
  readonly guest?: readonly GuestRange[]
  /** Disks that see `guest`, or snapshots that come or go: ids; undefined stands for the active disk. */
  readonly disks?: readonly (string | undefined)[]
}

/** Bytes to be put at an offset of the file. */
export interface Edit {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly phase: Phase
}

export interface DraftLimits {
  /** Classes that may be used beside the safe ones. */
  readonly allow: ReadonlySet<RepairClass>
  /** Actions to be left out, by id. */
  readonly without: ReadonlySet<string>
  /** If given, no other actions than these. */
  readonly only?: ReadonlySet<string>
}

const SAFE: ReadonlySet<RepairClass> = new Set(SAFE_CLASSES)

/** The overlay on which a plan is made, and the actions that made it what it is. */
export class Draft {
  readonly overlay: OverlaySource
  readonly limits: DraftLimits
  /** Clusters that the actions took out of use, and of which it is known what they were. */
  readonly released = new ClusterSet()
  #linked = false
  #appended = false
  readonly #actions: Action[] = []
  readonly #ids = new Map<string, number>()
  readonly #wanted = new Map<RepairClass, Set<FindingCode>>()

  constructor(source: BlockSource, limits: DraftLimits) {
    this.overlay = new OverlaySource(source)
    this.limits = limits
  }

  get actions(): readonly Action[] {
    return this.#actions
  }

  /** Classes that planners would have used, with the codes they had in mind. */
  get wanted(): ReadonlyMap<RepairClass, ReadonlySet<FindingCode>> {
    return this.#wanted
  }

  /**
   * A repair is proven that waits for consent: what proves it are the refcounts as they are. Made to fit the wrong
   * entry, they would prove nothing any more. Not once clusters were appended: those need theirs, or QEMU takes them.
   */
  get awaitsRelink(): boolean {
    return this.#wanted.has('relink') && !this.#appended
  }

  /** True if an action of this class may be planned; if not, it is noted that it would have been. */
  may(name: RepairClass, code: FindingCode): boolean {
    if (SAFE.has(name) || this.limits.allow.has(name)) return true
    const codes = this.#wanted.get(name) ?? new Set()
    this.#wanted.set(name, codes.add(code))
    return false
  }

  /**
   * Makes the edits on the overlay, and an action of those that change something.
   *
   * @returns false if nothing changed: its class is not allowed, it was left out, or the bytes are there already
   */
  async act(spec: ActionSpec, edits: readonly Edit[]): Promise<boolean> {
    if (!this.may(spec.class, spec.code)) return false
    const key = `${spec.class}:${spec.code}:0x${spec.offset.toString(16)}`
    const seen = this.#ids.get(key) ?? 0
    this.#ids.set(key, seen + 1)
    const id = seen === 0 ? key : `${key}:${seen + 1}`
    const { only, without } = this.limits
    if (without.has(id)) return false
    // What is selected must not point to clusters that QEMU takes for free: refcounts that it needs come along.
    const needed = this.#linked && edits.every(({ phase }) => phase === 'append' || phase === 'raise')
    if (only !== undefined && !only.has(id) && !needed) return false
    const writes: Write[] = []
    for (const { offset, bytes, phase } of edits) {
      const there = Math.max(0, Math.min(bytes.length, this.overlay.size - offset))
      const before = await readPadded(this.overlay, offset, there)
      if (there === bytes.length && Buffer.compare(before, bytes) === 0) continue
      writes.push({ offset, before, after: bytes, phase })
      await this.overlay.write(bytes, offset)
    }
    if (writes.length === 0) return false
    this.#appended ||= writes.some(({ phase }) => phase === 'append')
    this.#linked ||= writes.some(({ phase }) => phase === 'link' || phase === 'header')
    this.#actions.push({
      id,
      class: spec.class,
      safe: SAFE.has(spec.class),
      lossy: spec.lossy ?? false,
      code: spec.code,
      why: spec.why,
      writes,
      guest: spec.guest ?? [],
      snapshots: [...new Set(spec.disks?.filter((id) => id !== undefined) ?? [])],
      ...(spec.disks?.includes(undefined) && { active: true }),
    })
    return true
  }
}
