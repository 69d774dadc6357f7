import { clock } from '../clock.ts'
import { fileReport } from '../file/pair-report.ts'
import type { FileReport } from '../report/types.ts'
import type { SkipEntry, WorkEntry } from './entry.ts'

/** The report of an entry that is left alone. */
export function skipReport({ path, code, message, failure }: SkipEntry): FileReport {
  const since = clock()
  if (failure) return fileReport({ path, status: 'failed', since, error: failure })
  return fileReport({ path, status: 'skipped', since, warnings: [{ code, message }] })
}

/** The report of a file that only NEW has. */
export function keepReport({ path }: WorkEntry): FileReport {
  const warnings = [{ code: 'only-new', message: 'only NEW has it; it stays as it is' }]
  return fileReport({ path, status: 'unchanged', since: clock(), warnings })
}
