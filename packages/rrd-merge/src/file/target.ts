import { closeSync, fsync } from 'node:fs'
import { promisify } from 'node:util'
import { asFileError, fileNameText, type Replacement } from '@nightshift/tooling/files'
import { type Rrd, RrdError, rrdFromBytes, swapCells } from '../format/index.ts'
import { type LateWriter, LiveFile, type ReplaceOutcome } from '../live/index.ts'
import type { Warning } from '../report/warning.ts'
import type { RrdtoolEngine } from './engine.ts'
import type { ImageRoom } from './image-slot.ts'
import { type Input, readRrd } from './input.ts'
import type { MergeJob } from './job.ts'
import { TOOL } from './stage.ts'

const syncContent = promisify(fsync)

/** NEW, open: a binary one may be updated by others at any moment, so it is read and replaced through a `LiveFile`. */
export class Target {
  readonly input: Input
  readonly #job: MergeJob
  readonly #live: LiveFile | undefined
  readonly #engine: RrdtoolEngine | undefined
  #backup: Warning | undefined

  /** Takes the input's descriptor over. */
  constructor(input: Input, job: MergeJob, engine: RrdtoolEngine | undefined) {
    this.input = input
    this.#job = job
    this.#engine = engine
    const { signal, live: mode } = job
    const target = input.place.folder.entry(input.place.name)
    if (input.form === 'rrd') {
      this.#live = new LiveFile(input.fd, this.name, { mode, target, ...(signal && { signal }) })
    }
  }

  /** The path for messages. */
  get name(): string {
    return fileNameText(this.input.path)
  }

  /** Does `work` while updaters are kept out, where that was asked for (`live: lock`). */
  async guarded<T>(work: () => Promise<T>): Promise<T> {
    const { live, dryRun, rrdtool, signal } = this.#job
    if (live !== 'lock' || dryRun || !this.#live) return work()
    const { LockHolder } = await import('../live/lock-holder.ts')
    const path = `/proc/${process.pid}/fd/${this.input.fd}`
    const holder = await LockHolder.take(this.input.fd, path, { rrdtool, ...(signal && { signal }) })
    try {
      return await work()
    } finally {
      await holder.release()
    }
  }

  /** Rows that updates wrote while the result was written in place. */
  overtaken(): LateWriter | undefined {
    return this.#live?.overtaken()
  }

  /** Whether nobody has updated it since `read`. */
  unchanged(): boolean {
    return this.#live?.unchanged() ?? true
  }

  async read(slot: ImageRoom): Promise<Rrd> {
    const live = this.#live
    if (!live) return readRrd(this.input, slot, { signal: this.#job.signal })
    // Read natively first: only so a later look at the header can tell whether an update came in between.
    const bytes = await live.read((size) => slot.take(size))
    return this.#engine ? this.#engine.read(this.input.fd, this.name) : rrdFromBytes(bytes, live.header)
  }

  /** The bytes of a file with this content, in NEW's own form. The image is used up: its cells are turned in place. */
  async encode(rrd: Rrd): Promise<Uint8Array> {
    if (this.input.form !== 'rrd') {
      const { packRrd } = await import('./packed-output.ts')
      return packRrd(rrd, this.input.form)
    }
    if (this.#engine) return this.#engine.encode(rrd, this.name)
    swapCells(rrd.bytes, rrd.header)
    return rrd.bytes
  }

  /** Puts the merged image in NEW's place. */
  async replace(rrd: Rrd, stage: (image: Uint8Array) => Promise<Replacement>): Promise<ReplaceOutcome> {
    const bytes = await this.encode(rrd)
    if (!this.#live) {
      const replacement = await stage(bytes)
      try {
        replacement.publish()
      } finally {
        closeSync(replacement.fd)
      }
      return { status: 'replaced' }
    }
    const sameLayout =
      !this.#engine &&
      bytes.length === this.input.stats.size &&
      rrd.header.length === this.#live.header.length
    const staged = async (image: Uint8Array) => {
      const replacement = await stage(image)
      return {
        fd: replacement.fd,
        commit: () => replacement.publish(),
        sync: () => this.#syncCopied(replacement.fd),
        discard: () => replacement.discard(),
      }
    }
    return this.#live.replace(bytes, staged, { sameLayout })
  }

  /** @throws FileError; the file is replaced by then */
  async #syncCopied(fd: number): Promise<void> {
    if (this.#job.durability === 'none') return
    try {
      await syncContent(fd)
    } catch (error) {
      throw asFileError(
        error,
        this.input.path,
        'is merged, but updates of that moment may not be on the device',
      )
    }
  }

  /** Looks once more for updates on their way to the file that was replaced. */
  async lastLook(): ReturnType<LiveFile['finish']> {
    return this.#live?.finish()
  }

  /** @throws RrdError ELATE with `strict`, where somebody's lock could go unseen */
  lockWarnings(): Warning[] {
    const why = this.#live?.locksUnseen
    if (why === undefined) return []
    const message = `lock state unknown: ${why}; updates are noticed by the header alone`
    if (this.#job.strict) {
      throw new RrdError('ELATE', `${this.name}: ${message}`, {
        path: this.name,
        remedy: 'leave --strict out where nobody else updates the file',
      })
    }
    return [{ code: 'lock-unknown', message }]
  }

  linkWarnings(): Warning[] {
    const links = this.input.stats.nlink
    if (links < 2) return []
    const message = `${this.name} has ${links - 1} other hard links, which keep the file as it was; --in-place keeps them together`
    return [{ code: 'hardlink-broken', message, links }]
  }

  /** Keeps NEW as it was beside it, where that was asked for; once, however often the merge starts over. */
  async backUp(): Promise<readonly Warning[]> {
    const { backupSuffix, allowUnsafeFolder } = this.#job
    if (backupSuffix === undefined) return []
    this.#backup ??= await this.#makeBackup(backupSuffix, allowUnsafeFolder)
    return [this.#backup]
  }

  async #makeBackup(suffix: string, allowUnsafeFolder: boolean): Promise<Warning> {
    const { makeBackup } = await import('@nightshift/tooling/files/backup')
    const { place, fd } = this.input
    const { folder, name } = place
    const backup = makeBackup(folder, name, fd, { tool: TOOL, suffix, allowUnsafeFolder })
    const path = fileNameText(folder.pathOf(backup))
    return { code: 'backup', message: `the file as it was is kept as ${path}`, path }
  }

  close(): void {
    if (this.#live) this.#live.close()
    else closeSync(this.input.fd)
  }
}
