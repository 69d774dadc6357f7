import {
  type FileName,
  type Folder,
  fileNameKey,
  joinFileName,
  splitFileName,
} from '@nightshift/tooling/files'
import { clock } from '../clock.ts'
import type { MergeJob, Pair } from '../file/job.ts'
import { openFiles } from '../file/open-files.ts'
import { fileReport } from '../file/pair-report.ts'
import { PairRunner } from '../file/pair-runner.ts'
import { daemonNames, type Place } from '../file/place.ts'
import type { FileReport } from '../report/types.ts'
import type { Located, WorkEntry } from './entry.ts'
import { foldersAbove, TreeFolders } from './folders.ts'
import { makeFoldersFor } from './make-folders.ts'
import { newestFirst } from './newest-first.ts'
import { TARGET, type TreeRoots } from './roots.ts'

/** Pairs of more bytes than this are merged one at a time, so that threads don't add up to much memory. */
export const LARGE_PAIR = 12 * 2 ** 20

/** What one thread does of a tree merge. */
export class TreeWork {
  readonly #roots: TreeRoots
  readonly #job: MergeJob
  readonly #folders: TreeFolders
  readonly #runner: PairRunner
  /** Names of NEW's folder that rrdcached may know; none where it is not asked. */
  readonly #rootNames: readonly FileName[]
  /** The folder made last; entries come folder by folder. */
  #made: string | undefined

  /** @param threads that work at once, this one included */
  constructor(roots: TreeRoots, job: MergeJob, threads: number) {
    const room = openFiles(threads, roots.folders.length)
    this.#roots = roots
    this.#job = job
    this.#folders = new TreeFolders(roots.folders, room.folders)
    this.#runner = new PairRunner(job, room)
    const { daemon, targetRoot } = job
    const known = daemon !== undefined && targetRoot !== undefined
    this.#rootNames = known ? daemonNames(targetRoot, { folder: this.#folders.root(TARGET), name: '.' }) : []
  }

  async finish(): Promise<void> {
    try {
      await this.#runner.finish()
    } finally {
      this.#folders.close()
    }
  }

  /**
   * Takes an entry on; its report comes by `deliver`, at `finish` at the latest.
   * @param most bytes of files it may have here; false is given back for a larger one, and nothing done
   */
  async take(entry: WorkEntry, deliver: (report: FileReport) => void, most = Infinity): Promise<boolean> {
    const since = clock()
    const held: Place[] = []
    const hold = (located: Located): Place => {
      const place = this.#folders.place(located)
      held.push(place)
      return place
    }
    const release = (): void => {
      for (const { folder } of held) folder.release()
    }
    let pair: Pair
    let bytes: number
    try {
      pair = this.#pairOf(entry, hold)
      bytes = held.reduce((sum, place) => sum + this.#folders.size(place), 0)
    } catch (error) {
      release()
      deliver(fileReport({ path: entry.path, status: 'failed', since, error }))
      return true
    }
    if (bytes > most) {
      release()
      return false
    }
    try {
      await this.#runner.add(pair, bytes, { deliver, done: release })
    } catch (error) {
      release()
      throw error
    }
    return true
  }

  /** Once a folder: a look at every folder above each file would cost as much as writing it. */
  #makeFolders(path: FileName, model: Folder): void {
    const folder = fileNameKey(splitFileName(path).folder)
    if (this.#made === folder) return
    const { output } = this.#roots
    makeFoldersFor(path, this.#folders.root(output), model, this.#job)
    for (const above of foldersAbove(path)) {
      // Whoever made it, this thread or another: no file below it is on the device before its name is.
      const { folder: parent } = this.#folders.place({ root: output, path: above })
      this.#runner.madeIn(parent)
      parent.release()
    }
    this.#made = folder
  }

  #pairOf(entry: WorkEntry, hold: (located: Located) => Place): Pair {
    const { path } = entry
    const sources =
      entry.kind === 'copy' ? entry.olds : [entry.target, ...(entry.kind === 'pair' ? entry.olds : [])]
    const model = this.#folders.root((sources[0] as Located).root)
    const output = (): Place => {
      this.#makeFolders(path, model)
      return hold({ root: this.#roots.output, path })
    }
    const places = sources.map(hold)
    const [target, ...olds] = (entry.kind === 'copy' ? newestFirst(places) : places) as [Place, ...Place[]]
    const elsewhere = entry.kind === 'copy' || this.#roots.output !== TARGET
    return {
      path,
      target,
      olds,
      attributes: entry.attributes,
      mayBeSame: true,
      names: this.#rootNames.map((root) => joinFileName(root, path)),
      ...(elsewhere && { output }),
      ...(entry.kind === 'copy' && { success: 'copied' }),
    }
  }
}
