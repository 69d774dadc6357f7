import fs from 'node:fs'
import { promisify } from 'node:util'
import { asFileError, type FileError } from './file-error.ts'
import type { Folder } from './folder.ts'
import type { Replacement } from './replacement.ts'

const fsync = promisify(fs.fsync)

/** What became of one replacement of a batch; `error` is absent if it is in place, and durable. */
export interface BatchOutcome<R extends Replacement = Replacement> {
  readonly replacement: R
  readonly error?: FileError
  /** True if `confirm` said no; nothing was replaced. */
  readonly declined?: true
}

/**
 * Commits many replacements durably for less than one by one: all contents are synced at once (the journal of the file
 * system then commits them together), then each is renamed, then each folder is synced once. One that fails leaves its
 * target untouched and the others go on.
 *
 * @param confirm asked right before each rename: false leaves the target as it is
 */
export async function commitBatch<R extends Replacement>(
  replacements: readonly R[],
  confirm: (replacement: R) => boolean = () => true,
): Promise<BatchOutcome<R>[]> {
  const folders = replacements.map(({ folder }) => folder)
  for (const folder of folders) folder.hold()
  try {
    return await commitHeld(replacements, confirm)
  } finally {
    for (const folder of folders) folder.release()
  }
}

async function commitHeld<R extends Replacement>(
  replacements: readonly R[],
  confirm: (replacement: R) => boolean,
): Promise<BatchOutcome<R>[]> {
  const synced = await Promise.all(replacements.map(syncContent))
  const outcomes = synced.map((outcome) => (outcome.error ? outcome : rename(outcome.replacement, confirm)))
  const failures = syncFolders(outcomes)
  return outcomes.map((outcome) => {
    const error = isInPlace(outcome) ? failures.get(outcome.replacement.folder) : undefined
    return error ? { ...outcome, error } : outcome
  })
}

function isInPlace(outcome: BatchOutcome): boolean {
  return !outcome.error && !outcome.declined
}

async function syncContent<R extends Replacement>(replacement: R): Promise<BatchOutcome<R>> {
  try {
    replacement.seal()
    await fsync(replacement.fd)
    return { replacement }
  } catch (error) {
    replacement.discard()
    return { replacement, error: asFileError(error, replacement.path, 'cannot write to the device') }
  }
}

function rename<R extends Replacement>(
  replacement: R,
  confirm: (replacement: R) => boolean,
): BatchOutcome<R> {
  try {
    if (confirm(replacement)) {
      replacement.publish()
      return { replacement }
    }
    replacement.discard()
    return { replacement, declined: true }
  } catch (error) {
    replacement.discard()
    return { replacement, error: asFileError(error, replacement.path, 'cannot replace') }
  }
}

function syncFolders(outcomes: readonly BatchOutcome[]): Map<Folder, FileError> {
  const failures = new Map<Folder, FileError>()
  for (const folder of new Set(outcomes.filter(isInPlace).map(({ replacement }) => replacement.folder))) {
    try {
      folder.sync()
    } catch (error) {
      failures.set(folder, asFileError(error, folder.shownPath, 'cannot sync the folder'))
    }
  }
  return failures
}
