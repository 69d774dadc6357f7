import {
  asFileError,
  errnoOf,
  FileError,
  type FileName,
  fileNameText,
  JournalError,
} from '@nightshift/tooling/files'
import { clock } from '../clock.ts'
import { RrdError, type RrdErrorCode } from '../format/index.ts'
import { LiveError } from '../live/index.ts'
import type { MergeReport } from '../merge/index.ts'
import type { FileReport, FileStatus } from '../report/types.ts'
import type { Warning } from '../report/warning.ts'

const NOTHING: MergeReport = {
  filled: 0,
  replaced: 0,
  erased: 0,
  stillUnknown: 0,
  rras: [],
  ds: { matched: [], missing: [], extra: [], added: [] },
  warnings: [],
}

/** Of a file that was copied whole from the one OLD that has it: no merge took place, so there is none to remark on. */
export function copiedWhole(merge: MergeReport): MergeReport {
  return { ...merge, ds: { ...NOTHING.ds, matched: merge.ds.missing }, warnings: [] }
}

export interface ReportParts {
  readonly path: FileName
  readonly status: FileStatus
  /** clock() when the file's turn came. */
  readonly since: number
  readonly merge?: MergeReport
  /** What the file layer has to say beside the merge's own remarks. */
  readonly warnings?: readonly Warning[]
  readonly error?: unknown
}

/** One file's report from its parts. */
export function fileReport({
  path,
  status,
  since,
  merge = NOTHING,
  warnings = [],
  error,
}: ReportParts): FileReport {
  return {
    path: fileNameText(path),
    ...(Buffer.isBuffer(path) && { pathBase64: path.toString('base64') }),
    status,
    filled: merge.filled,
    replaced: merge.replaced,
    erased: merge.erased,
    stillUnknown: merge.stillUnknown,
    rras: merge.rras,
    ds: merge.ds,
    warnings: [...merge.warnings, ...warnings],
    ...(error !== undefined && { error: asFailure(error, path) }),
    ms: Math.round((clock() - since) * 1000) / 1000,
  }
}

/** Errors of writing, by what the tooling's file layer calls them; the rest are errors of reading. */
const WRITE_FAULTS: ReadonlySet<string> = new Set([
  'no-space',
  'quota',
  'read-only',
  'short',
  'unsafe-folder',
  'exists',
])

/** The public form of anything a pair can fail with; a bug of this tool is passed on as it is. */
export function asRrdError(error: unknown): RrdError {
  if (error instanceof RrdError) return error
  if (error instanceof LiveError) {
    return new RrdError('ELATE', error.message, { path: error.path, remedy: error.remedy, cause: error })
  }
  if (error instanceof Error && error.name === 'RrdcachedError') {
    const remedy =
      'check the address, and that rrdcached runs; leave --daemon out where files are not behind one'
    return new RrdError('EDAEMON', error.message, { remedy, cause: error })
  }
  if (error instanceof FileError) {
    if (error.code === 'missing') return fromFileError('EMISSING', error)
    return fromFileError(WRITE_FAULTS.has(error.code) ? 'EWRITE' : 'EREAD', error)
  }
  if (error instanceof JournalError) {
    const remedy = error.remedy ? { remedy: error.remedy } : {}
    return new RrdError('EREAD', error.message, { path: fileNameText(error.path), ...remedy, cause: error })
  }
  throw error
}

/** As `asRrdError`, for whatever a file's merge may throw: a failing disk shows as a bare error of a system call. */
export function asFailure(error: unknown, path: FileName): NonNullable<FileReport['error']> {
  try {
    const { code, message, remedy } = asRrdError(fromSystem(error, path, 'cannot read'))
    return { code, message, ...(remedy && { remedy }) }
  } catch {
    // One file, however crafted, never stops a tree.
    const why = error instanceof Error ? error.message : String(error)
    const remedy = 'this is a bug in rrd-merge: please report it, with the file'
    return { code: 'BUG', message: `${fileNameText(path)}: internal error: ${why}`, remedy }
  }
}

/** What a system call threw, with the file's name; anything else as it is. */
function fromSystem(error: unknown, path: FileName, doing: string): unknown {
  const called = error instanceof Error && 'syscall' in error && errnoOf(error) !== undefined
  return called ? asFileError(error, path, doing) : error
}

/** Runs a step that writes: whatever fails in it is an error of writing, whatever the system called it. */
export async function writing<T>(path: FileName, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    throw asWriteError(fromSystem(error, path, 'cannot write'))
  }
}

/** The public form of what went wrong while writing. */
export function asWriteError(error: unknown): unknown {
  return error instanceof FileError ? fromFileError('EWRITE', error) : error
}

function fromFileError(code: RrdErrorCode, error: FileError): RrdError {
  const remedy = error.remedy ? { remedy: error.remedy } : {}
  return new RrdError(code, error.message, { path: fileNameText(error.path), ...remedy, cause: error })
}
