import { asFileError, type Folder } from '@nightshift/tooling/files'
import type { FileReport } from '../report/types.ts'
import { EventTurn } from './event-turn.ts'
import type { MergeJob, Pair } from './job.ts'
import { type DonePair, mergePair, type PairTools } from './merge-pair.ts'
import { type OpenFiles, openFiles } from './open-files.ts'

/** Bytes of files worked on at once, unless one pair alone is larger: enough to keep libuv's four threads at fsync. */
const MEMORY = 4 * 2 ** 20

/** Milliseconds after which a pair that neither ends nor says that it waits is taken to wait. */
const LONG = 20

/** Who waits for a pair. */
export interface PairEnd {
  /** Gets the final report, at `finish` at the latest; never called for a pair that the run was stopped in. */
  readonly deliver: (report: FileReport) => void
  /** Always called, once: the pair's folders are needed no more. */
  readonly done?: () => void
}

/** Merges many pairs, several at a time, within a bound of memory and of open files. */
export class PairRunner {
  readonly #job: MergeJob
  readonly #room: OpenFiles
  readonly #turn = new EventTurn()
  readonly #underWay = new Set<Promise<void>>()
  /** Files that were replaced and are still open for late updates; the longest waiting is settled first. */
  readonly #unsettled: { pair: DonePair; end: PairEnd }[] = []
  readonly #unsynced = new Set<Folder>()
  #bytes = 0
  #failure: { readonly error: unknown } | undefined
  #partners: Promise<Partners> | undefined

  constructor(job: MergeJob, room: OpenFiles = openFiles(1, 2)) {
    this.#job = job
    this.#room = room
  }

  /**
   * Takes a pair on as soon as there is room for it, and returns when it is done or waits for something: two that
   * compute at once only take memory from each other.
   * @param bytes of all its files
   * @throws what ended the run (`signal`, a bug); then the pair was not begun, and `end` is not called
   */
  async add(pair: Pair, bytes: number, end: PairEnd): Promise<void> {
    while (this.#underWay.size >= this.#room.inFlight || (this.#bytes > 0 && this.#bytes + bytes > MEMORY)) {
      await Promise.race(this.#underWay)
    }
    await this.#turn.due()
    if (this.#failure) throw this.#failure.error
    this.#job.signal?.throwIfAborted()
    this.#bytes += bytes
    await new Promise<void>((goOn) => {
      // Whatever else it may wait for, a busy file above all, must not hold the others up.
      const late = setTimeout(goOn, LONG)
      const work = this.#merge(pair, end, goOn)
        .catch((error: unknown) => {
          this.#failure ??= { error }
        })
        .finally(() => {
          this.#bytes -= bytes
          this.#underWay.delete(work)
          clearTimeout(late)
          goOn()
        })
      this.#underWay.add(work)
    })
  }

  /**
   * Waits for all pairs, makes their folders durable, and delivers what was not delivered yet.
   * @throws what ended the run early
   */
  async finish(): Promise<void> {
    await Promise.all(this.#underWay)
    this.#syncFolders()
    await this.#settle(0)
    const { daemon, engine } = (await this.#partners?.catch(() => undefined)) ?? {}
    daemon?.close()
    await engine?.close()
    if (this.#failure) throw this.#failure.error
  }

  #syncFolders(): void {
    for (const folder of this.#unsynced) {
      try {
        folder.sync()
      } catch (error) {
        this.#failure ??= { error: asFileError(error, folder.path, 'cannot sync the folder') }
      } finally {
        folder.release()
      }
    }
    this.#unsynced.clear()
  }

  async #merge(pair: Pair, end: PairEnd, waiting: () => void): Promise<void> {
    try {
      this.#partners ??= partnersOf(this.#job)
      const done = await mergePair(pair, this.#job, {
        ...(await this.#partners),
        unsynced: (folder) => this.#syncLater(folder),
        waiting,
      })
      this.#unsettled.push({ pair: done, end })
    } catch (error) {
      end.done?.()
      throw error
    }
    await this.#settle(this.#room.unsettled)
  }

  #syncLater(folder: Folder): void {
    if (this.#unsynced.has(folder)) return
    if (this.#unsynced.size >= this.#room.folders) this.#syncFolders()
    folder.hold()
    this.#unsynced.add(folder)
  }

  async #settle(keep: number): Promise<void> {
    while (this.#unsettled.length > keep) {
      const next = this.#unsettled.shift()
      if (!next) return
      const report = await next.pair.settle()
      next.end.done?.()
      next.end.deliver(report)
    }
  }
}

/** The programs beside this one that a run works with. */
type Partners = Pick<PairTools, 'daemon' | 'engine'>

/** Loaded only where they are asked for. */
async function partnersOf({ daemon, engine, rrdtool }: MergeJob): Promise<Partners> {
  return {
    daemon: daemon === undefined ? undefined : new (await import('./daemon.ts')).Daemon(daemon),
    engine: engine === 'rrdtool' ? new (await import('./engine.ts')).RrdtoolEngine(rrdtool) : undefined,
  }
}
