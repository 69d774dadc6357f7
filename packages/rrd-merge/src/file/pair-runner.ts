import type { Folder } from '@nightshift/tooling/files'
import { EventTurn } from './event-turn.ts'
import type { MergeJob, Pair } from './job.ts'
import { mergePair, type PairTools } from './merge-pair.ts'
import { type OpenFiles, openFiles } from './open-files.ts'
import { type PairEnd, Settlement, type Settling } from './settlement.ts'

/**
 * Bytes of files worked on at once, unless one pair alone is larger: enough for as many syncs as there are threads for
 * them. A pair that waits for one holds NEW's image alone, about half of what is counted here.
 */
const MEMORY = 8 * 2 ** 20

/** Milliseconds after which a pair that neither ends nor says that it waits is taken to wait. */
const LONG = 20

/** Merges many pairs, several at a time, within a bound of memory and of open files. */
export class PairRunner {
  readonly #job: MergeJob
  readonly #room: OpenFiles
  readonly #turn = new EventTurn()
  readonly #underWay = new Set<Promise<void>>()
  readonly #settlement: Settlement
  #goOn: () => void = () => {}
  /** Whatever else a pair may wait for, a busy file above all, must not hold the others up. */
  readonly #late = setTimeout(() => this.#goOn(), LONG).unref()
  #bytes = 0
  #failure: { readonly error: unknown } | undefined
  #partners: Promise<Partners> | undefined

  constructor(job: MergeJob, room: OpenFiles = openFiles(1, 2)) {
    this.#job = job
    this.#room = room
    this.#settlement = new Settlement(job.durability, room.unsettled, room.folders)
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
      this.#goOn = goOn
      this.#late.refresh()
      const work = this.#merge(pair, end, goOn)
        .catch((error: unknown) => {
          this.#failure ??= { error }
        })
        .finally(() => {
          this.#bytes -= bytes
          this.#underWay.delete(work)
          goOn()
        })
      this.#underWay.add(work)
    })
  }

  /** Tells of a folder in which another may have been made for the pair at hand. */
  madeIn(folder: Folder): void {
    this.#settlement.madeIn(folder)
  }

  /**
   * Waits for all pairs, makes their folders durable, and delivers what was not delivered yet.
   * @throws what ended the run early
   */
  async finish(): Promise<void> {
    await Promise.all(this.#underWay)
    await this.#settlement.finish().catch((error: unknown) => {
      this.#failure ??= { error }
    })
    const { daemon, engine } = (await this.#partners?.catch(() => undefined)) ?? {}
    daemon?.close()
    await engine?.close()
    if (this.#failure) throw this.#failure.error
  }

  async #merge(pair: Pair, end: PairEnd, waiting: () => void): Promise<void> {
    let settling: Settling
    let folder: Folder | undefined
    try {
      this.#partners ??= partnersOf(this.#job)
      const done = await mergePair(pair, this.#job, {
        ...(await this.#partners),
        renamedIn: (renamed) => {
          folder = renamed
          this.#settlement.renamedIn(renamed)
        },
        waiting,
      })
      settling = { pair: done, end, folder }
    } catch (error) {
      end.done?.()
      throw error
    }
    await this.#settlement.add(settling)
  }
}

/** The programs beside this one that a run works with. */
type Partners = Pick<PairTools, 'daemon' | 'engine'>

/** Loaded only where they are asked for. */
async function partnersOf({ daemon, engine, rrdtool, signal }: MergeJob): Promise<Partners> {
  return {
    daemon: daemon === undefined ? undefined : new (await import('./daemon.ts')).Daemon(daemon),
    engine:
      engine === 'rrdtool' ? new (await import('./engine.ts')).RrdtoolEngine(rrdtool, signal) : undefined,
  }
}
