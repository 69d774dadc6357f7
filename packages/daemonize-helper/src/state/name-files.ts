import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Identity, identityOf, parseProcStat } from '../identity/index.ts'
import {
  type Beginning,
  type DaemonRecord,
  decodeBeginning,
  decodeRecord,
  encodeBeginning,
  encodeRecord,
  RECORD_LIMIT,
} from './record.ts'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY } = constants

/** A start that was begun, and of which the launcher wrote no record (yet). */
export interface Begun extends Beginning {
  /** Of the process that was about to exec the command; undefined where there was none yet. */
  readonly identity: Identity | undefined
  readonly pgid: number | undefined
  readonly sid: number | undefined
}

/** The files of one daemon in the state folder. */
export class NameFiles {
  readonly name: string
  readonly folder: string
  readonly lock: string
  readonly record: string
  readonly begun: string
  readonly fifo: string

  constructor(folder: string, name: string) {
    const path = (ending: string): string => join(folder, `${name}.${ending}`)
    this.name = name
    this.folder = folder
    this.lock = path('lock')
    this.record = path('json')
    this.begun = path('begun')
    this.fifo = path('fifo')
  }

  /** Opens the lock file, which is made once and stays: a lock on a file without a name locks nothing. */
  openLock(): number {
    return openSync(this.lock, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
  }

  /** Undefined where there is none, or none that is whole. */
  readRecord(): DaemonRecord | undefined {
    const text = readSmall(this.record)
    return text === undefined ? undefined : decodeRecord(text)
  }

  /** Replaces the record: on disk when it returns. Holder of the lock only. */
  writeRecord(record: DaemonRecord): void {
    const temporary = `${this.record}.new`
    rmSync(temporary, { force: true })
    const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try {
      writeSync(fd, encodeRecord(record))
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, this.record)
    syncFolder(this.folder)
    rmSync(this.begun, { force: true })
  }

  /** Says what is about to be started; the inner shell adds its line. Holder of the lock only. */
  writeBeginning(beginning: Beginning): void {
    rmSync(this.begun, { force: true })
    const fd = openSync(this.begun, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600)
    try {
      writeSync(fd, encodeBeginning(beginning))
    } finally {
      closeSync(fd)
    }
  }

  readBegun(): Begun | undefined {
    const [first = '', second = ''] = readSmall(this.begun)?.split('\n') ?? []
    const beginning = decodeBeginning(first)
    if (beginning === undefined) return undefined
    const stat = parseProcStat(second)
    return {
      ...beginning,
      identity: stat && identityOf(stat),
      pgid: stat?.pgid,
      sid: stat?.sid,
    }
  }

  removeBeginning(): void {
    rmSync(this.begun, { force: true })
  }

  removeFifo(): void {
    rmSync(this.fifo, { force: true })
  }

  removeRecord(): void {
    this.removeBeginning()
    rmSync(this.record, { force: true })
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
