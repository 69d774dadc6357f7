import { stat } from 'node:fs/promises'
import { pathOfText } from '@nightshift/tooling/terminal'
import { ChangeWatch } from './change-watch.ts'
import { hasBefore, type LogCopy, openCopy } from './copy-of.ts'
import { type ChunkOptions, type FileFacts, type OpenedLog, openLog } from './open-log.ts'
import { readRange } from './read-file.ts'

/** Bytes before the place where reading goes on: are they others, the file was emptied and filled again. */
const TAIL = 64

/**
 * Follows a file by its name, over rotations: gives one log for each file that bears the name. The chunks of one go on
 * until another file with something in it has the name (a writer that wasn't told of the rotation goes on with the old
 * one), or until it was emptied (copytruncate), and then what it had is read to its end in the copy. Ends when it is stopped.
 *
 * @param onIdle called when all that is there has been read
 */
export async function* followLog(
  first: OpenedLog,
  signal: AbortSignal,
  onIdle: () => void,
): AsyncGenerator<OpenedLog> {
  const changes = new ChangeWatch(first.path)
  const wait = async (): Promise<boolean> => {
    onIdle()
    await changes.wait(signal)
    return signal.aborted
  }
  let log: OpenedLog | undefined = first
  try {
    while (log?.file) {
      yield { ...log, chunks: chunksOf(log.path, log.file, wait) }
      if (signal.aborted) return
      await log.close()
      log = await nextLog(first.path, changes, signal)
    }
  } finally {
    changes.close()
    await log?.close()
  }
}

/** The file that has the name now; it may be gone again for as long as it likes. */
async function nextLog(
  path: string,
  changes: ChangeWatch,
  signal: AbortSignal,
): Promise<OpenedLog | undefined> {
  while (!signal.aborted) {
    if ((await identityOf(path)) !== undefined) return await openLog(path)
    await changes.wait(signal)
  }
  return undefined
}

/** @param wait resolves when there may be more; true: that is the last there will be */
function chunksOf(path: string, file: FileFacts, wait: () => Promise<boolean>) {
  return async function* ({ onCut }: ChunkOptions = {}): AsyncGenerator<Uint8Array> {
    const { handle } = file
    let at = 0
    let tail: Buffer = Buffer.alloc(0)
    for (let isStopped = false; ; isStopped = await wait()) {
      // Asked before the file is read: what is written to it until another one takes its place is read below.
      const isLast = await isReplaced(path, file)
      const { size } = await handle.stat()
      if (size < at || (size > at && !(await hasBefore(handle, at, tail)))) {
        const copy = await openCopy(path, at, tail)
        if (copy) yield* restOf(copy, at)
        onCut?.(size, copy?.path)
        return
      }
      for await (const chunk of readRange(handle, { from: at, to: size })) {
        at += chunk.length
        tail = Buffer.concat([tail, chunk.subarray(-TAIL)]).subarray(-TAIL)
        yield chunk
      }
      if (isLast || isStopped) return
    }
  }
}

/** Another file has the name, and something is in it. */
async function isReplaced(path: string, { device, inode }: FileFacts): Promise<boolean> {
  const now = await identityOf(path)
  return now !== undefined && (now.dev !== device || now.ino !== inode) && now.size > 0
}

async function identityOf(path: string) {
  try {
    return await stat(pathOfText(path))
  } catch {
    return undefined
  }
}

/** What was written to a log between the last look and the copy. */
async function* restOf({ handle, length }: LogCopy, at: number): AsyncGenerator<Uint8Array> {
  try {
    yield* readRange(handle, { from: at, to: length })
  } finally {
    await handle.close()
  }
}
