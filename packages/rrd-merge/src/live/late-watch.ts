import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveFile } from './live-file.ts'
import type { LateWriter } from './types.ts'

/**
 * Time for an updater that had opened a file before its rename to take its lock, in milliseconds: one system call
 * away, but it may have lost the processor in between.
 */
const LAST_LOOK_AFTER = 2

/** Each file waits with two descriptors open, the replaced inode's and the new one's; each worker has its own watch. */
const MOST_FILES = 64

/** A sixteenth of the soft RLIMIT_NOFILE, 1 to 64: Node has no getrlimit. */
const limit = (): number => {
  try {
    const soft = Number(
      /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1] ?? 256,
    )
    return Math.min(MOST_FILES, Math.max(1, Math.floor(soft / 16)))
  } catch {
    return 8
  }
}

/**
 * Files that have been replaced and may yet get a late update. They are looked at once more at the end of the batch,
 * or when so many more have been replaced that their descriptors are needed, and are closed then.
 */
export class LateWatch {
  readonly #files: LiveFile[] = []
  readonly #limit: number

  /** @param most files kept open at a time */
  constructor(most: number = limit()) {
    this.#limit = most
  }

  /** Takes the file over. Gives what was found about the one that had to make room for it. */
  async add(file: LiveFile): Promise<LateWriter | undefined> {
    this.#files.push(file)
    if (this.#files.length <= this.#limit) return undefined
    return this.#last(this.#files.shift() as LiveFile)
  }

  /** The last look at all that are left. Never throws for one of them before all are closed. */
  async finish(): Promise<LateWriter[]> {
    if (this.#files.length > 0) await sleep(LAST_LOOK_AFTER)
    const found: LateWriter[] = []
    let failure: { readonly error: unknown } | undefined
    for (const file of this.#files.splice(0)) {
      try {
        const late = await this.#last(file)
        if (late) found.push(late)
      } catch (error) {
        failure ??= { error }
      }
    }
    if (failure) throw failure.error
    return found
  }

  async #last(file: LiveFile): Promise<LateWriter | undefined> {
    try {
      return await file.finish()
    } finally {
      file.close()
    }
  }
}
