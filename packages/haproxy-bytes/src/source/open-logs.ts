import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { pathOfText } from '@nightshift/tooling/terminal'
import { HaproxyBytesError } from '../errors.ts'
import { findDuplicates } from './duplicates.ts'
import { expandGlob } from './glob.ts'
import { type OpenedLog, openLog, openStream } from './open-log.ts'
import { inOrderOfTime } from './rotation-order.ts'

/** A log that is left out and closed: its lines are in another one, which has more if this is `contained`. */
export interface LeftOut {
  readonly path: string
  readonly as: string
  readonly contained: boolean
}

export interface OpenedLogs {
  /** In the order in which they were written. */
  readonly logs: readonly OpenedLog[]
  readonly duplicates: readonly LeftOut[]
}

/** A rotation may go on while logs are opened; a second one within milliseconds doesn't. */
const LOOKS = 5

/**
 * Opens files, patterns of names, and `-`, which is `stdin`: all of them before any is read, each content once, and none
 * lost to a rotation that goes on meanwhile.
 *
 * @throws HaproxyBytesError
 */
export async function openLogs(
  operands: readonly string[],
  { stdin, signal }: { readonly stdin?: Readable; readonly signal?: AbortSignal } = {},
): Promise<OpenedLogs> {
  const opened: OpenedLog[] = []
  const dropped: LeftOut[] = []
  try {
    if (operands.includes('-')) opened.push(await openStream('-', stdin as Readable))
    const byInode = new Map<string, OpenedLog>()
    for (let look = 0; look < LOOKS; look++) {
      const fresh = oldestFirst(operands, look > 0).filter(({ inode }) => look === 0 || !byInode.has(inode))
      if (fresh.length === 0) break
      for (const { path, isOptional, inode: found } of fresh) {
        const log = await openUnlessGone(path, isOptional || look > 0)
        if (log === undefined) continue
        const inode = log.file ? `${log.file.device}:${log.file.inode}` : found
        const known = byInode.get(inode)
        if (known === undefined) {
          byInode.set(inode, log)
          opened.push(log)
          continue
        }
        await log.close()
        if (look === 0) dropped.push({ path, as: known.path, contained: false })
      }
    }
    const duplicates = opened.length < 2 ? [] : await findDuplicates(opened, signal)
    for (const { log } of duplicates) await log.close()
    const left = opened.filter((log) => !duplicates.some((duplicate) => duplicate.log === log))
    return {
      logs: inOrderOfTime(left),
      duplicates: [
        ...dropped,
        ...duplicates.map(({ log, in: other, contained }) => ({ path: log.path, as: other.path, contained })),
      ],
    }
  } catch (error) {
    for (const log of opened) await log.close()
    throw error
  }
}

interface FoundLog {
  readonly path: string
  readonly modified: number
  readonly inode: string
  /** Found by a pattern: it may be gone when it is opened. */
  readonly isOptional: boolean
}

/**
 * Names as they are now, the oldest log first: a log that is rotated while others are opened then turns up again under a
 * name that comes later.
 */
function oldestFirst(operands: readonly string[], again: boolean): FoundLog[] {
  const found: FoundLog[] = []
  for (const operand of operands) {
    if (operand === '-') continue
    const paths = expandGlob(operand)
    if (paths?.length === 0 && !again)
      throw new HaproxyBytesError('unreadable', operand, 'no file has such a name', {
        remedy: 'check the pattern; a relative one starts at the current folder',
      })
    for (const path of paths ?? [operand]) {
      const stats = statUnlessDenied(path)
      // What a pattern finds beside logs isn't meant; what is named is refused when it is opened.
      if (paths !== undefined && stats?.isDirectory()) continue
      if (stats === undefined && again) continue
      const inode = stats ? `${stats.dev}:${stats.ino}` : path
      found.push({ path, modified: stats?.mtimeMs ?? 0, inode, isOptional: paths !== undefined })
    }
  }
  return inOrderOfTime(found)
}

function statUnlessDenied(path: string) {
  try {
    return statSync(pathOfText(path), { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

async function openUnlessGone(path: string, isOptional: boolean): Promise<OpenedLog | undefined> {
  try {
    return await openLog(path)
  } catch (error) {
    const gone = ((error as HaproxyBytesError).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
    if (gone && isOptional) return undefined
    throw error
  }
}
