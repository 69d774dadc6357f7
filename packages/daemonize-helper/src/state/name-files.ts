import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { systemErrorWords } from '@nightshift/tooling/errors'
import { DaemonError } from '../errors.ts'
import { type ProcStat, parseProcStat } from '../identity/index.ts'
import {
  type DaemonRecord,
  decodeRecord,
  decodeStartUnderWay,
  encodeRecord,
  encodeStartUnderWay,
  RECORD_LIMIT,
  type StartUnderWay,
} from './record.ts'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY } = constants

/** A start of which there is no record (yet). */
export interface Begun {
  readonly start: StartUnderWay
  /** What the process was that was about to become the command; undefined where there was none yet. */
  readonly stat: ProcStat | undefined
}

/**
 * The files of one daemon in the state folder. NAME.lock is made once and stays, as a lock on a file without a name locks
 * nothing; its holder writes in it what is being started, and empties it afterwards.
 */
export class NameFiles {
  readonly name: string
  readonly folder: string
  readonly #lock: string
  readonly #record: string

  constructor(folder: string, name: string) {
    this.name = name
    this.folder = folder
    this.#lock = join(folder, `${name}.lock`)
    this.#record = join(folder, `${name}.json`)
  }

  /**
   * Opens the lock file; for whoever is to lock it.
   *
   * @throws DaemonError `HELPER` (125), as all that write here
   */
  openLock(): number {
    return this.#attempt(this.#lock, () =>
      openSync(this.#lock, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600),
    )
  }

  /** Undefined where there is none, or none that is whole. */
  readRecord(): DaemonRecord | undefined {
    const text = readSmall(this.#record)
    return text === undefined ? undefined : decodeRecord(text)
  }

  /** Undefined where no start is under way, or none that got as far as to say what it starts. */
  readBegun(): Begun | undefined {
    const [first = '', second = ''] = readSmall(this.#lock)?.split('\n') ?? []
    const start = decodeStartUnderWay(first)
    return start && { start, stat: parseProcStat(second) }
  }

  /** Replaces the record, on disk when it returns, and ends the start. For the holder of the lock. */
  writeRecord(lock: number, record: DaemonRecord): void {
    const temporary = `${this.#record}.new`
    this.#attempt(this.#record, () => {
      rmSync(temporary, { force: true })
      const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
      try {
        // As often as it takes: on a disk that is almost full write(2) takes a part and no more.
        writeFileSync(fd, encodeRecord(record))
        fsyncSync(fd)
      } catch (error) {
        rmSync(temporary, { force: true })
        throw error
      } finally {
        closeSync(fd)
      }
      renameSync(temporary, this.#record)
      syncFolder(this.folder)
    })
    ftruncateSync(lock, 0)
  }

  /** Says what is about to be started; the leader adds the line of its child. For the holder of the lock. */
  writeBegun(lock: number, start: StartUnderWay): void {
    ftruncateSync(lock, 0)
    this.#attempt(this.#lock, () => writeFileSync(lock, encodeStartUnderWay(start)))
  }

  /** For the holder of the lock. */
  removeBegun(lock: number): void {
    ftruncateSync(lock, 0)
  }

  /** For the holder of the lock. */
  removeRecord(lock: number): void {
    ftruncateSync(lock, 0)
    rmSync(this.#record, { force: true })
  }

  #attempt<T>(path: string, work: () => T): T {
    try {
      return work()
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      const words = systemErrorWords[String(code)]
      throw new DaemonError('HELPER', `${path}: can't be written: ${words?.why ?? code}`, {
        exitCode: 125,
        remedy: words?.remedy ?? 'name another state folder with --state-dir',
        cause,
      })
    }
  }
}

function readSmall(path: string): string | undefined {
  let fd: number
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ELOOP') return undefined
    throw error
  }
  try {
    const stats = fstatSync(fd)
    return stats.isFile() && stats.size <= RECORD_LIMIT ? readFileSync(fd, 'utf8') : undefined
  } finally {
    closeSync(fd)
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, O_RDONLY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
