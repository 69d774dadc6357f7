import { closeSync } from 'node:fs'
import {
  changeInPlace,
  FileError,
  type FileName,
  type InPlaceWrite,
  readFully,
  recoverInPlace,
} from '@nightshift/tooling/files'
import { structureLength } from '../live/index.ts'
import type { MergeOutcome } from '../merge/index.ts'
import type { Warning } from '../report/warning.ts'
import type { Input } from './input.ts'
import type { MergeJob } from './job.ts'
import type { Place } from './place.ts'
import { TOOL } from './stage.ts'

/** Writes what changed into the file itself, an undo journal first. @throws FileError; then the file is as before */
export function writeInPlace(
  { place: { folder, name }, path, stats }: Input,
  bytes: Uint8Array,
  outcome: MergeOutcome,
  { allowUnsafeFolder, verify }: Pick<MergeJob, 'allowUnsafeFolder' | 'verify'>,
): void {
  const { fd, stats: now } = folder.openFile(name, 'update')
  try {
    if (now.ino !== stats.ino || now.dev !== stats.dev) {
      throw new FileError('other', path, 'another file has taken its place meanwhile; nothing was written', {
        remedy: 'run again',
      })
    }
    const writes = outcome.dirty.map(
      ({ start, end }): InPlaceWrite => ({ offset: start, bytes: bytes.subarray(start, end) }),
    )
    changeInPlace(folder, name, fd, writes, {
      tool: TOOL,
      allowUnsafeFolder,
      finalSize: bytes.length,
      // The rest of the header changes with every update, which must not keep a journal from its file.
      identity: [{ offset: 0, length: structureLength(outcome.rrd.header) }],
    })
    if (verify) compare(fd, writes, path)
  } finally {
    closeSync(fd)
  }
}

/** Reads back what was written. */
function compare(fd: number, writes: readonly InPlaceWrite[], path: FileName): void {
  for (const { offset, bytes } of writes) {
    const stored = Buffer.alloc(bytes.length)
    if (readFully(fd, stored, offset) === bytes.length && stored.equals(bytes)) continue
    throw new FileError('io', path, `what was read back at byte ${offset} differs from what was written`, {
      remedy: 'check disk and memory (dmesg), and restore the file from a backup',
    })
  }
}

/** What an earlier run left that was killed while it wrote in place: settled before the file is read. @param onlyLook nothing is written: it is only told */
export function recoverPlace({ folder, name }: Place, onlyLook: boolean): Warning[] {
  if (onlyLook) {
    const message =
      'an earlier run was killed while it wrote in place; a merge into the file uses its undo journal first'
    return [{ code: 'journal-found', message }]
  }
  const { fd } = folder.openFile(name, 'update')
  try {
    const recovery = recoverInPlace(folder, name, fd, TOOL)
    if (recovery === 'none' || recovery === 'kept') return []
    return [
      { code: 'journal-recovered', message: `${WORDS[recovery]}; its undo journal is removed`, recovery },
    ]
  } finally {
    closeSync(fd)
  }
}

const WORDS = {
  untouched: 'an earlier run was killed before it wrote in place: the file is as it was before',
  complete: 'an earlier run was killed after it wrote in place: the file is merged',
  'rolled-back':
    'an earlier run was killed while it wrote in place: the file was brought back to what it was before',
} as const
