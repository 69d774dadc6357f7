import { FileError, type FileName, fileNameKey, fileNameText, resolvePath } from '@nightshift/tooling/files'
import { RrdError } from '../format/index.ts'
import type { FileReport } from '../report/types.ts'
import { listOfOlds, requireName } from './check-arguments.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import { lookForRrdtool } from './find-rrdtool.ts'
import { type FileOptions, jobOf } from './options.ts'
import { asRrdError } from './pair-report.ts'
import { PairRunner } from './pair-runner.ts'
import { daemonNames, type Place } from './place.ts'

/**
 * Fills NEW from one or several OLDs (the first listed that knows a cell wins) and replaces it atomically, or writes
 * `output`. Where nothing is to be filled NEW is not even rewritten.
 *
 * @throws RrdError, with the codes and messages that a report of the command line has; then nothing was written
 */
export async function mergeFile(
  olds: string | Buffer | readonly (string | Buffer)[],
  target: string | Buffer,
  options: FileOptions = {},
): Promise<FileReport> {
  requireName(target, 'NEW')
  const report = await mergeFileReport(listOfOlds(olds), target, options)
  if (!report.error) return report
  const { code, message, remedy } = report.error
  throw new RrdError(code as RrdError['code'], message, { path: report.path, ...(remedy && { remedy }) })
}

/** As `mergeFile`, but a refusal is in the report. @throws RrdError EMISSING, EREAD, EUSAGE for the paths themselves */
export async function mergeFileReport(
  olds: readonly FileName[],
  target: FileName,
  options: FileOptions,
): Promise<FileReport> {
  const opened: Place[] = []
  const open = (path: FileName, mustExist: boolean): Place => {
    const resolved = resolvePath(path)
    opened.push(resolved)
    if (mustExist && !resolved.stats)
      throw new FileError('missing', path, 'no such file', { remedy: 'check the path' })
    return resolved
  }
  try {
    const places = [open(target, true), ...olds.map((old) => open(old, true))] as const
    const output = options.output === undefined ? undefined : open(options.output, false)
    if (output && places.slice(1).some((old) => isSamePlace(output, old))) {
      throw new RrdError(
        'EUSAGE',
        `${fileNameText(options.output as FileName)}: the output is an OLD, which is never written`,
        {
          remedy: 'name another -o',
        },
      )
    }
    // NEW named as the output is what happens without -o, with all that keeps it safe from updates.
    const elsewhere = output && !isSameEntry(output, places[0]) ? output : undefined
    return await mergePlaces(target, places, elsewhere, options)
  } catch (error) {
    throw asRrdError(error)
  } finally {
    for (const { folder } of opened) folder.close()
  }
}

async function mergePlaces(
  path: FileName,
  [target, ...olds]: readonly [Place, ...Place[]],
  output: Place | undefined,
  options: FileOptions,
): Promise<FileReport> {
  const job = jobOf(options)
  const remark = lookForRrdtool(options)
  const into = output ?? target
  if (!job.dryRun) clearLeftovers(into.folder, into.name)
  const runner = new PairRunner(job)
  const pair = {
    path,
    target,
    olds,
    attributes: 'look',
    names: daemonNames(path, target),
    ...(output && { output: () => output }),
  } as const
  const reports: FileReport[] = []
  try {
    await runner.add(pair, 0, { deliver: (report) => reports.push(report) })
  } finally {
    await runner.finish()
  }
  const report = reports[0] as FileReport
  return remark ? { ...report, warnings: [...report.warnings, remark] } : report
}

/** Whether two places are one name in one folder. */
function isSameEntry(a: Place, b: Place): boolean {
  const [left, right] = [a.folder.stats, b.folder.stats]
  return left.ino === right.ino && left.dev === right.dev && fileNameKey(a.name) === fileNameKey(b.name)
}

/** Whether two places hold one file. */
function isSamePlace(a: Place, b: Place): boolean {
  const [left, right] = [a, b].map(({ folder, name }) => folder.statEntry(name))
  return left !== undefined && left.ino === right?.ino && left.dev === right.dev
}
