import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, writeSync } from 'node:fs'
import {
  beginReplacement,
  errnoOf,
  type FileName,
  fileNameKey,
  fileNameText,
  resolvePath,
} from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { type FileIdentity, parseRemembered, type RememberedResult, sameFile } from './remembered.ts'

/** The first line; another one, and nothing in the file is believed. */
const HEAD = '{"schema":"qcow2-check/scan-state@1"}'

/** A line is half a KiB: some 500,000 images. */
const MOST_BYTES = 256 * 2 ** 20

/**
 * Results of earlier runs, one JSON line each. A line is appended as soon as its image is done, so that a run that was
 * killed is gone on with; at the end the file is written anew, each image once.
 */
export class StateFile {
  readonly #path: FileName
  readonly #fd: number
  readonly #known: Map<string, RememberedResult>

  /** @throws Qcow2Error `refused` where it is no state file, or somebody else's; `not-written` */
  constructor(path: FileName) {
    this.#path = path
    this.#fd = openState(path)
    try {
      this.#known = readState(this.#fd, path)
      if (fstatSync(this.#fd).size === 0) writeSync(this.#fd, `${HEAD}\n`)
      // A line that a kill has cut must not swallow the first one of this run.
      else writeSync(this.#fd, '\n')
    } catch (cause) {
      closeSync(this.#fd)
      throw cause instanceof Qcow2Error ? cause : notWritten(path, cause)
    }
  }

  /** What is known of a file that did not change since. */
  recall(path: FileName, identity: FileIdentity): RememberedResult['result'] | undefined {
    const known = this.#known.get(fileNameKey(path))
    return known && sameFile(known.identity, identity) ? known.result : undefined
  }

  /** @throws Qcow2Error `not-written` */
  add(entry: RememberedResult): void {
    this.#known.set(entry.key, entry)
    try {
      writeSync(this.#fd, `${JSON.stringify(entry)}\n`)
    } catch (cause) {
      throw notWritten(this.#path, cause)
    }
  }

  /** Writes it anew, without what was superseded and without files that are gone. @throws Qcow2Error `not-written` */
  compact(): void {
    const lines = [HEAD]
    for (const entry of this.#known.values()) if (isThere(entry.key)) lines.push(JSON.stringify(entry))
    try {
      const { folder, name, stats } = resolvePath(this.#path)
      try {
        const replacement = beginReplacement(folder, name, { tool: 'qcow2-check', like: stats, mode: 0o600 })
        replacement.write(Buffer.from(`${lines.join('\n')}\n`))
        replacement.commit()
      } finally {
        folder.close()
      }
    } catch (cause) {
      throw notWritten(this.#path, cause)
    }
  }

  close(): void {
    closeSync(this.#fd)
  }
}

/** What stands for something else than a regular file when it is opened: a link, a folder, a FIFO that nobody reads. */
const NO_FILE: readonly (string | undefined)[] = ['ELOOP', 'EISDIR', 'ENXIO']

function openState(path: FileName): number {
  const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants
  try {
    return openSync(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600)
  } catch (cause) {
    if (NO_FILE.includes(errnoOf(cause)))
      throw new Qcow2Error('refused', fileNameText(path), 'is not a regular file', REMEDY)
    throw notWritten(path, cause)
  }
}

/** The latest line of each image. */
function readState(fd: number, path: FileName): Map<string, RememberedResult> {
  const known = new Map<string, RememberedResult>()
  const stats = fstatSync(fd)
  const name = fileNameText(path)
  if (!stats.isFile()) throw new Qcow2Error('refused', name, 'is not a regular file', REMEDY)
  // Who writes there says what is consistent; root is believed by everybody.
  if (![0, process.geteuid?.()].includes(stats.uid))
    throw new Qcow2Error('refused', name, `belongs to uid ${stats.uid}, not to the caller`, REMEDY)
  if (stats.size > MOST_BYTES)
    throw new Qcow2Error('refused', name, `${stats.size} bytes are too many for a state file`, REMEDY)
  if (stats.size === 0) return known
  const [head, ...lines] = readFileSync(fd, 'utf8').split('\n')
  if (head !== HEAD) throw new Qcow2Error('refused', name, 'is not a state file of this version', REMEDY)
  for (const line of lines) {
    const entry = parseRemembered(line)
    if (entry) known.set(entry.key, entry)
  }
  return known
}

const REMEDY = { remedy: 'name another file for --state, or remove this one' }

function isThere(key: string): boolean {
  const path = key.startsWith('\0') ? Buffer.from(key.slice(1), 'latin1') : key
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function notWritten(path: FileName, cause: unknown): Qcow2Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Qcow2Error('not-written', fileNameText(path), `cannot write the state: ${why}`, { cause })
}
