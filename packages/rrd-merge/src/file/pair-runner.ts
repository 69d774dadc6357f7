import { asFileError, type Folder } from '@nightshift/tooling/files'
import type { FileReport } from '../report/types.ts'
import { SlotPool } from './image-slot.ts'
import type { MergeJob, Pair } from './job.ts'
import { type DonePair, mergePair, type PairTools } from './merge-pair.ts'

/** Pairs under way at once: while the device syncs some, others are merged (1.7x of one by one, measured). */
const IN_FLIGHT = 8

/** Bytes of images held at once, unless one pair alone is larger. */
const MEMORY = 12 * 2 ** 20

/** Files that were replaced and are kept open for late updates; the longest waiting is settled first. */
const UNSETTLED = 32

/** Merges many pairs, several at a time, within a bound of memory and of open files. */
export class PairRunner {
  readonly #job: MergeJob
  readonly #slots = new SlotPool()
  readonly #underWay = new Set<Promise<void>>()
  readonly #unsettled: { done: DonePair; deliver: (report: FileReport) => void }[] = []
  readonly #unsynced = new Set<Folder>()
  #bytes = 0
  #partners: Promise<Partners> | undefined

  constructor(job: MergeJob) {
    this.#job = job
  }

  /**
   * Takes a pair on as soon as there is room for it.
   * @param bytes of all its files
   * @param deliver gets the final report, at `finish` at the latest
   */
  async add(pair: Pair, bytes: number, deliver: (report: FileReport) => void): Promise<void> {
    while (this.#underWay.size >= IN_FLIGHT || (this.#bytes > 0 && this.#bytes + bytes > MEMORY)) {
      await Promise.race(this.#underWay)
    }
    this.#bytes += bytes
    const work = this.#merge(pair, deliver).finally(() => {
      this.#bytes -= bytes
      this.#underWay.delete(work)
    })
    this.#underWay.add(work)
  }

  /** Waits for all pairs, makes their folders durable, and delivers what was not delivered yet. */
  async finish(): Promise<void> {
    const ends = await Promise.allSettled(this.#underWay)
    for (const folder of this.#unsynced) {
      try {
        folder.sync()
      } catch (error) {
        throw asFileError(error, folder.path, 'cannot sync the folder')
      }
    }
    this.#unsynced.clear()
    await this.#settle(0)
    const { daemon, engine } = (await this.#partners) ?? {}
    daemon?.close()
    await engine?.close()
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  async #merge(pair: Pair, deliver: (report: FileReport) => void): Promise<void> {
    this.#partners ??= partnersOf(this.#job)
    const done = await mergePair(pair, this.#job, {
      ...(await this.#partners),
      slots: this.#slots,
      unsynced: (folder) => this.#unsynced.add(folder),
    })
    this.#unsettled.push({ done, deliver })
    await this.#settle(UNSETTLED)
  }

  async #settle(keep: number): Promise<void> {
    while (this.#unsettled.length > keep) {
      const next = this.#unsettled.shift()
      if (next) next.deliver(await next.done.settle())
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
