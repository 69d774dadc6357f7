import { type CommandContext, checkOutputs, UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { asRrdError } from '../file/pair-report.ts'
import { EXIT, exitCodeOf, graver } from '../report/exit-code.ts'
import { addToTotals, noTotals } from '../report/totals.ts'
import type { FileReport, Totals } from '../report/types.ts'
import type { TreeOptions } from '../tree/options.ts'
import { compileLate } from './compile-late.ts'
import type { MergeCommandOptions } from './merge.options.ts'
import { MergeOutput } from './merge-output.ts'
import type { MergePicture } from './merge-picture.ts'
import { checkUse, treeOptionsOf } from './merge-use.ts'
import { isFolder, pathOperand } from './operands.ts'
import { syncTogether } from './sync-together.ts'

/** `rrd-merge [merge] OLD [OLD2 ...] NEW`. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: MergeCommandOptions,
): Promise<number> {
  const paths = operands.map(pathOperand)
  const folders = paths.map(isFolder)
  const tree = folders.every(Boolean)
  if (!tree && folders.some(Boolean)) {
    const [folder, other] = [paths[folders.indexOf(true)], paths[folders.indexOf(false)]].map((path) =>
      fileNameText(path as FileName),
    )
    throw new UsageError(`${folder} is a folder and ${other} is not`, {
      remedy: 'merge files with files, folders with folders',
    })
  }
  checkUse(options, tree, context)
  const olds = paths.slice(0, -1)
  const target = paths.at(-1) as FileName
  if (!tree) checkFiles(olds, target, options)
  const mergeOptions = { ...treeOptionsOf(options, context.env), signal: context.signal }
  if (mergeOptions.daemon !== undefined && !mergeOptions.dryRun)
    await reachDaemon(mergeOptions.daemon, context)
  const output = new MergeOutput(context, options, tree)
  if (!tree) {
    const picture = await pictureOf(olds, target, options, mergeOptions, output)
    if (picture && output.showsPictures) await context.out.line(picture.text(context))
    const { mergeFileReport } = await import('../file/merge-file.ts')
    const report = await mergeFileReport(olds, target, mergeOptions)
    if (report.status !== 'failed') await picture?.write(options, context)
    return finish(output, [report])
  }
  return mergeFolders(context, olds, target, mergeOptions, output)
}

/** NEW alone may be named by -o too. */
function checkFiles(
  olds: readonly FileName[],
  target: FileName,
  { output, svg, html }: MergeCommandOptions,
): void {
  checkOutputs([['-o', output]], olds)
  const read = output === undefined ? [] : [output]
  checkOutputs(
    [
      ['--svg', svg],
      ['--html', html],
    ],
    [...olds, target, ...read],
  )
}

/** Measured only where somebody wants to see it: it reads everything once more. */
async function pictureOf(
  olds: readonly FileName[],
  target: FileName,
  { svg, html }: MergeCommandOptions,
  options: TreeOptions,
  output: MergeOutput,
): Promise<MergePicture | undefined> {
  if (!output.showsPictures && svg === undefined && html === undefined) return undefined
  const { MergePicture } = await import('./merge-picture.ts')
  return MergePicture.of(olds, target, options)
}

/** A daemon that does not answer is told before any file is touched, not once a file. */
async function reachDaemon(address: string, { signal }: CommandContext): Promise<void> {
  const { Daemon } = await import('../file/daemon.ts')
  const { RrdcachedError } = await import('../rrdcached/index.ts')
  try {
    const daemon = new Daemon(address)
    await daemon.ping(signal)
    daemon.close()
  } catch (error) {
    if (error instanceof RrdcachedError && error.code === 'BAD_ARGUMENT') throw new UsageError(error.message)
    throw asRrdError(error)
  }
}

async function mergeFolders(
  context: CommandContext,
  olds: readonly FileName[],
  target: FileName,
  options: TreeOptions,
  output: MergeOutput,
): Promise<number> {
  compileLate()
  syncTogether()
  const { mergeTree } = await import('../tree/merge-tree.ts')
  const progress = context.progress({ what: 'merging', unit: 'items' })
  const counted = count(
    mergeTree(olds, target, {
      ...options,
      onPaired: (files) => progress.setTotal(files),
      onWarning: (warning) => output.warn(warning),
    }),
    (done) => progress.update(done),
  )
  try {
    // A part of a small tree may well be empty.
    return await finish(output, counted, options.shard !== undefined)
  } finally {
    progress.stop()
  }
}

async function finish(
  output: MergeOutput,
  reports: AsyncIterable<FileReport> | Iterable<FileReport>,
  mayBeEmpty = false,
): Promise<number> {
  let code: ReturnType<typeof exitCodeOf> = EXIT.done
  let totals: Totals = noTotals
  let matched = mayBeEmpty
  let stopped: unknown
  try {
    for await (const report of reports) {
      matched ||= isMatch(report)
      code = graver(code, exitCodeOf(report))
      totals = addToTotals(totals, report)
      await output.file(report)
    }
  } catch (error) {
    stopped = error
  }
  if (!matched && !stopped) output.nothingMatched()
  await output.end(totals, stopped)
  if (stopped) throw stopped
  return matched ? code : EXIT.nothingMatched
}

/** Whether there was anything to be done about a file, or it failed. */
const isMatch = ({ status, warnings }: FileReport): boolean =>
  status !== 'skipped' && warnings.every(({ code }) => code !== 'only-new')

async function* count(
  reports: AsyncIterable<FileReport>,
  update: (done: number) => void,
): AsyncGenerator<FileReport> {
  let done = 0
  for await (const report of reports) {
    update(++done)
    yield report
  }
}
