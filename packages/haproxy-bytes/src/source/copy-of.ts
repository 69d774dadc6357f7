import { type FileHandle, open, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathOfText } from '@nightshift/tooling/terminal'
import { compressionOf, SNIFFED } from './decompress.ts'
import { readRotatedName } from './rotation-order.ts'

export interface LogCopy {
  readonly path: string
  readonly handle: FileHandle
  readonly length: number
}

/**
 * What copytruncate made of a log before it emptied it: a file of the same series that has the same bytes before `at`.
 * Undefined where there is none in its folder any more: it was compressed at once, or put elsewhere.
 */
export async function openCopy(path: string, at: number, tail: Uint8Array): Promise<LogCopy | undefined> {
  const { series } = readRotatedName(path)
  const names = await readdir(pathOfText(dirname(path))).catch((): string[] => [])
  for (const name of names) {
    const other = join(dirname(path), name)
    if (name === basename(path) || readRotatedName(other).series !== series) continue
    const copy = await opened(other)
    if (copy && copy.length >= at && (await hasBefore(copy.handle, at, tail))) return copy
    await copy?.handle.close()
  }
  return undefined
}

async function opened(path: string): Promise<LogCopy | undefined> {
  let handle: FileHandle | undefined
  try {
    handle = await open(pathOfText(path), 'r')
    const stats = await handle.stat()
    const head = Buffer.alloc(SNIFFED)
    const { bytesRead } = await handle.read(head, 0, SNIFFED, 0)
    if (stats.isFile() && compressionOf(head.subarray(0, bytesRead)) === 'none')
      return { path, handle, length: stats.size }
  } catch {
    // Gone again, or not to be read: then it is no help.
  }
  await handle?.close()
  return undefined
}

/** Whether the bytes before a place are these. */
export async function hasBefore(handle: FileHandle, at: number, tail: Uint8Array): Promise<boolean> {
  const found = Buffer.alloc(tail.length)
  const { bytesRead } = await handle.read(found, 0, tail.length, at - tail.length)
  return bytesRead === tail.length && found.equals(tail)
}
