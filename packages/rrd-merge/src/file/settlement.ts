import type { Folder } from '@nightshift/tooling/files'
import type { FileReport } from '../report/types.ts'
import type { DonePair } from './merge-pair.ts'
import { asFailure, asWriteError } from './pair-report.ts'
import type { Durability } from './stage.ts'

/** Who waits for a pair. */
export interface PairEnd {
  /** Gets the final report, at `finish` at the latest; never called for a pair that the run was stopped in. */
  readonly deliver: (report: FileReport) => void
  /** Always called, once: the pair's folders are needed no more. */
  readonly done?: () => void
}

/** A pair whose result is in its place. */
export interface Settling {
  readonly pair: DonePair
  readonly end: PairEnd
  /** Where it has a new name, if it has. */
  readonly folder: Folder | undefined
}

/**
 * Pairs that are done but for a last look at the file that was replaced, and for the folder of their new name, which
 * must be on the device too. A folder is synced once for all of its files that wait: one by one they would wait for
 * the file system's journal half as long as all else takes (500 files in 50 folders, measured).
 */
export class Settlement {
  readonly #durability: Durability
  readonly #most: number
  readonly #mostFolders: number
  /** The longest waiting first. */
  readonly #waiting: Settling[] = []
  readonly #unsynced = new Set<Folder>()
  /** Those among them that folders were made in: no pair alone stands for them. */
  readonly #shared = new Set<Folder>()
  readonly #failed = new Map<Folder, unknown>()
  #round: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  /**
   * @param most pairs that may wait, their files open
   * @param mostFolders that may wait
   */
  constructor(durability: Durability, most: number, mostFolders: number) {
    this.#durability = durability
    this.#most = most
    this.#mostFolders = mostFolders
  }

  /** Tells of a new name in a folder, before the pair is added. */
  renamedIn(folder: Folder): void {
    if (this.#durability === 'none' || this.#unsynced.has(folder)) return
    folder.hold()
    this.#unsynced.add(folder)
  }

  /** Tells of a folder in which another may have been made, before the pair that it was made for is added. */
  madeIn(folder: Folder): void {
    this.renamedIn(folder)
    if (this.#unsynced.has(folder)) this.#shared.add(folder)
  }

  /** @returns what to wait for where too many wait */
  add(settling: Settling): Promise<void> | undefined {
    this.#waiting.push(settling)
    const { length } = this.#waiting
    const many = length > this.#most || this.#unsynced.size > this.#mostFolders
    if (!this.#round && (many || length > this.#most / 2)) this.#begin(Math.ceil(length / 2))
    return many ? this.#round : undefined
  }

  /** Settles all. @throws with `batch`, or where folders were made in it, that a folder could not be synced */
  async finish(): Promise<void> {
    await this.#round
    await this.#syncFolders()
    await this.#settle(this.#waiting.length)
    if (this.#failure) throw this.#failure.error
  }

  #begin(count: number): void {
    const round = async (): Promise<void> => {
      try {
        const isTime = this.#durability === 'each' || this.#unsynced.size > this.#mostFolders
        if (isTime) await this.#syncFolders()
        await this.#settle(count)
      } catch (error) {
        this.#failure ??= { error }
      }
      this.#round = undefined
    }
    this.#round = round()
  }

  async #settle(count: number): Promise<void> {
    for (let settled = 0; settled < count; settled++) {
      const next = this.#waiting[0]
      if (!next) return
      const report = await next.pair.settle()
      this.#waiting.shift()
      next.end.done?.()
      next.end.deliver(this.#outcome(report, next.folder))
    }
  }

  async #syncFolders(): Promise<void> {
    const folders = [...this.#unsynced]
    this.#unsynced.clear()
    await Promise.all(folders.map((folder) => this.#sync(folder)))
  }

  async #sync(folder: Folder): Promise<void> {
    try {
      await folder.syncAside()
    } catch (error) {
      if (this.#durability === 'each') this.#failed.set(folder, error)
      if (this.#durability !== 'each' || this.#shared.has(folder))
        this.#failure ??= { error: asWriteError(error) }
    } finally {
      this.#shared.delete(folder)
      folder.release()
    }
  }

  /** Its report promises that the file is on the device under its name; where that failed, it says so. */
  #outcome(report: FileReport, folder: Folder | undefined): FileReport {
    if (!folder || !this.#failed.has(folder)) return report
    const error = asFailure(asWriteError(this.#failed.get(folder)), report.path)
    return { ...report, status: 'failed', error }
  }
}
