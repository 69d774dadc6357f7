import fs from 'node:fs'
import path from 'node:path'
import { type InPlaceWrite, journalName, readJournal, writeJournal } from '../../../src/files/index.ts'
import { open, scratch } from '../support.ts'

export const tool = 'test-tool'

export function pattern(length: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + seed + (index >> 8)) & 255))
}

/** A target of some length in a folder of its own, open for writing. */
export function target(content: Buffer, mode = 0o640): { folder: string; file: string; fd: number } {
  const folder = scratch()
  const file = path.join(folder, 'x')
  fs.writeFileSync(file, content)
  fs.chmodSync(file, mode)
  return { folder, file, fd: fs.openSync(file, 'r+') }
}

export function apply(fd: number, writes: readonly InPlaceWrite[], finalSize?: number): void {
  for (const { offset, bytes } of writes) fs.writeSync(fd, bytes, 0, bytes.length, offset)
  if (finalSize !== undefined) fs.ftruncateSync(fd, finalSize)
}

export const twoWrites: readonly InPlaceWrite[] = [
  { offset: 10, bytes: Buffer.from('first') },
  { offset: 5000, bytes: Buffer.alloc(3000, 7) },
]

/** A target of 10,000 bytes with a journal for `twoWrites`. */
export function prepared(options: { finalSize?: number; writes?: readonly InPlaceWrite[] } = {}) {
  const before = pattern(10_000, 1)
  const place = target(before)
  const { writes = twoWrites, ...rest } = options
  writeJournal(open(place.folder), journalName('x', tool), place.fd, writes, { tool, ...rest })
  const journal = path.join(place.folder, 'x.test-tool-undo')
  return { ...place, before, journal, read: () => readJournal(fs.openSync(journal, 'r'), journal) }
}
