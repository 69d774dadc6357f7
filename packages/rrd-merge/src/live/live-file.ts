import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LockState, lockTable } from '@nightshift/tooling/files'
import { clock } from '../clock.ts'
import { decodeHeader, type RrdHeader } from '../format/index.ts'
import { busyError, replacedError } from './error.ts'
import { LiveInode } from './inode.ts'
import { Patience } from './patience.ts'
import { Succession } from './succession.ts'
import type { ByteRange, LateWriter, LiveMode, Replacement, Stage } from './types.ts'

/** How long updates may keep a file from being read or replaced before `LiveError` `busy`, in milliseconds. */
const BUSY_AFTER = 2000

/** How long after the rename of a file that was seen to be updated late updaters are looked for, in milliseconds. */
const LATE_WATCH = 60

/**
 * How long after the rename the last look at a file comes at the earliest, in milliseconds: an updater that opened
 * the file before is one system call away from its lock, but may have lost the processor in between.
 */
const LAST_LOOK_AFTER = 2

export interface LiveOptions {
  /** Default `auto`. Here `lock` is the same: the lock holder is the caller's, around everything. */
  readonly mode?: LiveMode
  readonly signal?: AbortSignal
  /**
   * Path of the name that `replace` puts the file at, good for system calls (`/proc/self/fd/N/name` too); without it the
   * file is only read. Looked at just before the rename, so that a file put there meanwhile by `rrdtool restore` or
   * another merge is not overwritten.
   */
  readonly target?: string | Buffer
}

export interface ReplaceOptions {
  /**
   * Whether the replacement has the source's layout, byte for byte (default). Only then can updates of the last
   * moment be copied into it.
   */
  readonly sameLayout?: boolean
}

/**
 * `replaced`: done; `late` tells of an update that went to the replaced file.
 * `again`: nothing was renamed, since an update came that can't be copied: the layouts differ, the file was tuned or
 * resized, or it is not sure that what was merged had been read between two updates. Read, merge and replace once more.
 */
export type ReplaceOutcome =
  | { readonly status: 'replaced'; readonly late?: LateWriter }
  | { readonly status: 'again' }

/** An RRD that is read and then replaced while others may be updating it. Protocol: docs/live-files.md. */
export class LiveFile {
  readonly path: string
  readonly #source: LiveInode
  readonly #options: LiveOptions
  readonly #checked: boolean
  #succession: Succession | undefined
  /** Somebody was seen at work on the file. */
  #hot = false
  /** What was read is known to be of one moment between two updates. */
  #whole = false
  #committedAt = 0
  /** Updates were copied into the replacement after it was staged, and synced. */
  #caughtUp = false

  /** @param fd open for reading; it belongs to this object from here on */
  constructor(fd: number, path: string, options: LiveOptions = {}) {
    this.path = path
    this.#options = options
    this.#checked = options.mode !== 'off'
    this.#source = new LiveInode(fd, path, this.#checked)
  }

  /** Locks on the file as far as they can be seen. With `mode: 'off'` nobody looks: free. */
  lockState(): LockState {
    return this.#source.lockState()
  }

  /** Why locks on it might be there and not be seen; undefined where all are seen, or nobody looks (`off`). */
  get locksUnseen(): string | undefined {
    return this.#source.locksUnseen
  }

  /** The header that belongs to what was read last. */
  get header(): RrdHeader {
    return this.#source.header
  }

  /**
   * Reads the whole file as it is at one moment between two updates.
   * @param allocate gives room for so many bytes
   * @throws LiveError `busy`; RrdError where it is no RRD
   */
  async read(allocate: (size: number) => Uint8Array): Promise<Uint8Array> {
    const source = this.#source
    let image = allocate(source.size())
    source.readAll(image)
    this.#whole = !this.#checked
    if (!this.#checked || this.#seemsQuiet()) return image
    const patience = new Patience(BUSY_AFTER, this.#options.signal)
    for (let standing = source.settled(); standing !== 'same'; standing = source.settled()) {
      this.#hot = true
      if (standing === 'restructured') {
        image = allocate(source.size())
        source.readAll(image)
      } else source.catchUp(image, () => {})
      const go = patience.more()
      if (!(go === true || (await go))) throw busyError(this.path, 'read', BUSY_AFTER)
    }
    // What was decoded first may have been torn, or is older than the rows read since: every row would be off by one.
    source.know(decodeHeader(image), image)
    this.#whole = true
    return image
  }

  /**
   * Two equal headers without a look at the locks, which is dear (see LockTable). What that leaves open is an updater that
   * stands still in mid-update, so that the header is torn but doesn't change. For a file that will be replaced,
   * `replace` finds it out, and everything is done again; another one must be dormant.
   */
  #seemsQuiet(): boolean {
    if (this.#hot || this.#source.look() !== 'same') return false
    return this.#options.target !== undefined || this.#source.dormant()
  }

  /** Whether there was no update since `read`, and none is under way. */
  unchanged(): boolean {
    return !this.#checked || this.#source.still() === 'same'
  }

  /**
   * Puts `image` in the file's place: stages it, copies updates that came meanwhile, renames, and looks for updaters
   * that were late.
   * @param image bytes of the whole file, merged; updates of the last moment are copied into it
   * @throws LiveError `busy` or `replaced`, with nothing renamed
   */
  async replace(
    image: Uint8Array,
    stage: Stage,
    { sameLayout = true }: ReplaceOptions = {},
  ): Promise<ReplaceOutcome> {
    if (this.#options.target === undefined) throw new Error('a LiveFile without a target is only read')
    if (this.#checked) lockTable().prepare()
    const replacement = await stage(image)
    const current = new LiveInode(replacement.fd, this.path, this.#checked)
    try {
      if (!(await this.#commit(image, replacement, sameLayout))) {
        replacement.discard()
        current.close()
        return { status: 'again' }
      }
    } catch (error) {
      replacement.discard()
      current.close()
      throw error
    }
    this.#committedAt = clock()
    current.know(sameLayout ? this.header : decodeHeader(image), image)
    this.#succession = new Succession(this.#source, current, {
      path: this.path,
      stage,
      target: this.#options.target,
      sameLayout,
    })
    if (this.#checked) await this.#watch(this.#succession, image)
    if (this.#caughtUp) await replacement.sync()
    const late = this.#succession.report()
    return late ? { status: 'replaced', late } : { status: 'replaced' }
  }

  /**
   * After what was read has been written back in place: the rows that updates wrote in between, where older values may
   * stand now.
   */
  overtaken(): LateWriter | undefined {
    if (!this.#checked || this.#source.still() === 'same') return undefined
    const from = this.#source.moment
    this.#source.adopt()
    return { code: 'late-writer', path: this.path, rows: this.#source.touched(from, 1), recovered: false }
  }

  /**
   * Looks once more for late updaters, at the end of a batch. Then `close`.
   * @returns what `replace` has not reported already
   */
  async finish(): Promise<LateWriter | undefined> {
    if (!this.#checked || !this.#succession) return undefined
    const early = this.#committedAt + LAST_LOOK_AFTER - clock()
    if (early > 0) await sleep(early)
    await this.#succession.check(new Patience(LATE_WATCH, this.#options.signal))
    return this.#succession.report()
  }

  close(): void {
    if (this.#succession) this.#succession.close()
    else this.#source.close()
  }

  async #watch(succession: Succession, image: Uint8Array): Promise<void> {
    const patience = new Patience(LATE_WATCH, this.#options.signal)
    await succession.check(patience, image)
    while (this.#hot) {
      const go = patience.more()
      if (!(go === true || (await go))) break
      await succession.check(patience, image)
    }
  }

  async #commit(image: Uint8Array, replacement: Replacement, sameLayout: boolean): Promise<boolean> {
    const source = this.#source
    if (!this.#checked) {
      replacement.commit()
      return true
    }
    const patience = new Patience(BUSY_AFTER, this.#options.signal)
    this.#caughtUp = false
    const write = ({ offset, length }: ByteRange): void => {
      this.#caughtUp = true
      writeSync(replacement.fd, image, offset, length, offset)
    }
    for (;;) {
      if (!source.isAt(this.#options.target)) throw replacedError(this.path)
      let standing = source.still()
      if (standing === 'same') {
        replacement.commit()
        return true
      }
      this.#hot = true
      while (standing !== 'same') {
        if (standing === 'restructured' || (standing === 'moved' && !(sameLayout && this.#whole)))
          return false
        source.catchUp(image, write)
        const go = patience.more()
        if (!(go === true || (await go))) throw busyError(this.path, 'replace', BUSY_AFTER)
        standing = source.settled()
      }
    }
  }
}
