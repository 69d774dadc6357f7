import { closeAside } from './close-aside.ts'
import { LiveInode } from './inode.ts'
import { type Cells, keepKnown, placeLateRows } from './late-rows.ts'
import type { Moment } from './moment.ts'
import type { Patience } from './patience.ts'
import type { LateWriter, RowSpan, Stage } from './types.ts'

/** Redos of one file: each is a rename that can itself meet a late updater. */
const REDOS = 3

export interface SuccessionOptions {
  readonly path: string
  readonly stage: Stage
  /** The name, for system calls; without it the name is not looked at before a redo. */
  readonly target: string | Buffer | undefined
  readonly sameLayout: boolean
}

/**
 * The inodes that had a file's name one after the other: those renamed over, which an updater that opened them
 * before may still write to, and the current one.
 */
export class Succession {
  readonly #options: SuccessionOptions
  readonly #former: LiveInode[]
  #current: LiveInode
  /** Updates have reached the current file: from then on it is never replaced again. */
  #advanced = false
  #redos = 0
  /** Known cells of late updates, to stand against what later ones have in their place. */
  readonly #kept: Cells = new Map()
  #lost: RowSpan[] = []
  #recovered = true

  constructor(former: LiveInode, current: LiveInode, options: SuccessionOptions) {
    this.#former = [former]
    this.#current = current
    this.#options = options
  }

  /**
   * Looks once at each file renamed over. A late update is brought over: by a redo while nobody has updated the
   * current file, else row by row.
   * @param image bytes of the current file as it was written, where the caller still has them
   */
  async check(patience: Patience, image?: Uint8Array): Promise<void> {
    for (let i = 0; i < this.#former.length; i += 1) {
      const former = this.#former[i] as LiveInode
      const from = former.moment
      const standing = former.still()
      if (standing === 'same') continue
      if (standing === 'restructured') this.#lose(former, from)
      else if (await this.#end(former, patience)) await this.#bringOver(former, from, patience, image)
    }
  }

  /** What happened since the last report that a redo did not make good; undefined where nothing did. */
  report(): LateWriter | undefined {
    const rows = this.#lost
    const recovered = this.#recovered
    this.#lost = []
    this.#recovered = true
    return rows.length === 0 ? undefined : { code: 'late-writer', path: this.#options.path, rows, recovered }
  }

  close(): void {
    for (const former of this.#former) closeAside(former.fd)
    this.#current.close()
  }

  /** Waits until the updater has left; true if it changed anything. */
  async #end(former: LiveInode, patience: Patience): Promise<boolean> {
    let adopted = false
    for (;;) {
      const standing = former.settled()
      if (standing === 'same') return adopted
      if (standing === 'restructured') {
        this.#lose(former, former.moment)
        return false
      }
      if (standing === 'moved') {
        former.adopt()
        adopted = true
      }
      const go = patience.more()
      if (!(go === true || (await go))) return adopted
    }
  }

  async #bringOver(former: LiveInode, from: Moment, patience: Patience, image?: Uint8Array): Promise<void> {
    if (!this.#options.sameLayout) {
      this.#recovered = false
      this.#lost.push(...former.touched(from, 1))
      return
    }
    while (!this.#advanced && this.#redos < REDOS && this.#current.still() === 'same') {
      this.#redos += 1
      // Where an earlier redo has brought updates that this one never saw, the two are woven, not equal to either.
      const whole = this.#current.moment.lastUpdate === from.lastUpdate
      if (!(await this.#redo(former, from, patience, image))) continue
      const unknown = keepKnown(this.#kept, former, from)
      if (whole) return
      if (unknown > 0) this.#recovered = false
      this.#lost.push(...former.touched(from, 0))
      return
    }
    this.#advanced = true
    const homeless = await this.#place(former, from, patience)
    keepKnown(this.#kept, former, from)
    if (homeless > 0) this.#recovered = false
    this.#lost.push(...former.touched(from, 1))
  }

  /** Rows are placed once an update of the current file that is under way has moved its header past them. */
  async #place(former: LiveInode, from: Moment, patience: Patience): Promise<number> {
    for (;;) {
      if (this.#current.look() !== 'restructured') this.#current.adopt()
      const homeless = placeLateRows(former, from, this.#current, this.#kept)
      const go = homeless === 0 ? false : patience.more()
      if (!(go === true || (await go))) return homeless
    }
  }

  /** Replaces the current file, which nobody has updated, by itself with the late update; false if it can't be. */
  async #redo(former: LiveInode, from: Moment, patience: Patience, image?: Uint8Array): Promise<boolean> {
    const current = this.#current
    const whole = image ?? current.readAt(0, current.size())
    whole.set(former.headerBytes)
    for (const { offset, bytes } of former.cellsSince(from)) whole.set(bytes, offset)
    for (const [offset, bytes] of this.#kept) whole.set(bytes, offset)
    const replacement = await this.#options.stage(whole)
    const next = new LiveInode(replacement.fd, this.#options.path, true)
    next.know(former.header, whole)
    if (current.isAt(this.#options.target) && former.settled() === 'same' && current.still() === 'same') {
      replacement.commit()
      this.#former.push(current)
      this.#current = next
      return true
    }
    replacement.discard()
    next.close()
    await this.#end(former, patience)
    return false
  }

  #lose(former: LiveInode, from: Moment): void {
    former.adopt()
    this.#lost.push(...former.touched(from, 1))
    this.#recovered = false
  }
}
