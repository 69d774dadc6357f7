import type { CommandContext } from '@nightshift/tooling/command-line'
import { withPath } from '@nightshift/tooling/errors'
import { displayPath } from '@nightshift/tooling/terminal'
import type { FileReport, Totals } from '../report/types.ts'
import type { Warning } from '../report/warning.ts'
import { errorOfOnly } from './failure-report.ts'
import type { MergeCommandOptions } from './merge.options.ts'
import { archiveLines, fileLine, totalsLine } from './merge-text.ts'

/** How often a warning of one kind is shown for a folder before it is only counted. */
const SHOWN = 3

/** What `merge` prints: one document, a line a file, or text. */
export class MergeOutput {
  readonly #context: CommandContext
  readonly #options: MergeCommandOptions
  readonly #tree: boolean
  readonly #files: FileReport[] = []
  readonly #runWarnings: Warning[] = []
  #told = 0
  readonly #seen = new Map<string, number>()

  constructor(context: CommandContext, options: MergeCommandOptions, tree: boolean) {
    this.#context = context
    this.#options = options
    this.#tree = tree
  }

  /** A picture of one merge is worth its second reading where somebody looks: a dry run, or -v. */
  get showsPictures(): boolean {
    const { flags } = this.#context
    return (this.#options.dryRun === true || flags.verbose) && !flags.json && !this.#options.ndjson
  }

  /** Something that concerns the whole run. */
  warn(warning: Warning): void {
    this.#runWarnings.push(warning)
    this.#context.log.warn(warning.message, { code: warning.code })
  }

  nothingMatched(): void {
    const message = 'nothing matched: no file is in NEW and in an OLD, or in an OLD alone'
    const remedy = 'check the folders; --include takes names other than *.rrd'
    this.#context.log.error(message, { code: 'NOTHING', remedy })
  }

  async file(report: FileReport): Promise<void> {
    this.#told++
    this.#say(report)
    const { out, flags } = this.#context
    if (this.#options.ndjson) return out.ndjson({ schema: 'rrd-merge/merge-file@1', ...report })
    if (flags.json) {
      this.#files.push(report)
      return
    }
    if (this.#tree && !flags.verbose && !this.#options.dryRun) return
    if (report.status === 'unchanged' && this.#tree && !flags.verbose) return
    await out.line(fileLine(report, this.#options.dryRun === true))
    if (!this.#tree || flags.verbose) for (const line of archiveLines(report)) await out.line(line)
    const { output, dryRun } = this.#options
    if (output !== undefined && !this.#tree && !dryRun && report.status !== 'failed')
      await out.line(`written to ${displayPath(output)}`)
  }

  /** @param stopped the error that ended the run early */
  async end(totals: Totals, stopped?: unknown): Promise<void> {
    const { out, flags, log } = this.#context
    for (const [code, times] of this.#seen) {
      if (times > SHOWN) log.warn(`${times - SHOWN} more of these; -v shows all`, { code })
    }
    const warnings = this.#runWarnings.length > 0 && { warnings: this.#runWarnings }
    // The error that ended a stream comes as its last row, as in every command.
    if (this.#options.ndjson) return out.ndjson({ schema: 'rrd-merge/merge-totals@1', totals, ...warnings })
    if (flags.json) {
      const error = stopped instanceof Error && { error: { code: codeOf(stopped), message: stopped.message } }
      const only = this.#tree ? {} : errorOfOnly(this.#files)
      return out.json({ files: this.#files, totals, ...warnings, ...only, ...error })
    }
    // Refused before the first file: there is nothing to count.
    if (stopped && this.#told === 0) return
    if (this.#tree) await out.line(totalsLine(totals, this.#options.dryRun === true))
  }

  /** Errors and warnings of a file, on stderr; of a folder's many alike only the first few. */
  #say({ path, error, warnings }: FileReport): void {
    const { log, flags } = this.#context
    if (error) {
      log.error(withPath(error.message, path), {
        code: error.code,
        ...(error.remedy && { remedy: error.remedy }),
      })
    }
    for (const { code, message } of warnings) {
      if (QUIET.has(code) && !flags.verbose) continue
      const times = (this.#seen.get(code) ?? 0) + 1
      this.#seen.set(code, times)
      if (this.#tree && times > SHOWN && !flags.verbose) continue
      log.warn(this.#tree ? withPath(message, path) : message, { code })
    }
  }
}

/** Remarks that call for nothing: in the documents always, on the terminal with -v. */
const QUIET: ReadonlySet<string> = new Set(['only-new', 'only-old', 'archive-cyclic', 'backup', 'ds-extra'])

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : 'BUG'
