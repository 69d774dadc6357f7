import { type CommandContext, checkOutputs, UsageError } from '@nightshift/tooling/command-line'
import { type Warning, warningText } from '../findings/index.ts'
import { type PartialResult, partialRows } from '../partial/index.ts'
import { totalDocument, totalRows } from '../report/total-document.ts'
import type { ToldWarning, TotalReport } from '../report/total-report.ts'
import { writeOutput } from './write-output.ts'

/** What `addFormOptions` gives. */
export interface FormOptions {
  readonly ndjson?: true | undefined
  readonly csv?: true | undefined
  readonly partial?: true | undefined
  /** Figures of the wire are in no partial result, and in no row of CSV. */
  readonly exact?: true | undefined
  readonly prom?: string | Buffer | undefined
}

/** Refuses forms that exclude each other, before anything is read. @throws UsageError */
export function checkForms(
  { flags }: CommandContext,
  { ndjson, csv, partial, exact, prom }: FormOptions,
  inputs: readonly string[],
): void {
  const forms = { '--json': flags.json || undefined, '--ndjson': ndjson, '--csv': csv, '--partial': partial }
  const [one, other] = Object.entries(forms).flatMap(([flag, given]) => (given === undefined ? [] : flag))
  if (one !== undefined && other !== undefined)
    throw new UsageError(`${one} and ${other} contradict each other`, { remedy: 'leave one of them out' })
  if (exact && (partial || csv))
    throw new UsageError(`--exact and ${partial ? '--partial' : '--csv'} contradict each other`, {
      remedy: 'give --json or --ndjson, which have figures of the wire',
    })
  if (partial && prom !== undefined)
    throw new UsageError('--partial and --prom contradict each other', { remedy: 'give --prom to merge' })
  checkOutputs(
    [['--prom', prom]],
    inputs.filter((input) => input !== '-'),
  )
}

/** Prints a partial result: rows, to be merged. */
export async function tellPartial({ out }: CommandContext, result: PartialResult): Promise<void> {
  for (const row of partialRows(result)) await out.line(row)
}

/** Tells warnings on stderr; as they are told in a document. */
export function tellWarnings({ log }: CommandContext, warnings: readonly Warning[]): ToldWarning[] {
  return warnings.map((warning) => {
    const told = { code: warning.code, message: warningText(warning), fields: warning.fields }
    log.warn(told.message, { code: told.code })
    return told
  })
}

/**
 * Tells a total that goes on: to the file of --prom, else as text. Forms for programs are given once, at the end.
 *
 * @throws HaproxyBytesError
 */
export async function tellSoFar(
  context: CommandContext,
  report: TotalReport,
  { prom, ndjson, csv, partial }: FormOptions,
): Promise<void> {
  if (prom !== undefined) await writeProm(prom, report)
  else if (!(ndjson || csv || partial || context.flags.json)) {
    const { totalText } = await import('../report/total-text.ts')
    for (const line of totalText(report)) await context.out.write(line)
    await context.out.line()
  }
}

async function writeProm(path: string | Buffer, report: TotalReport): Promise<void> {
  const { totalPrometheus } = await import('../report/total-prometheus.ts')
  writeOutput(path, totalPrometheus(report, Date.now() / 1000), 0o644)
}

/** Tells a total, in the form that was asked for; others are not even loaded. @throws HaproxyBytesError */
export async function tellTotal(
  { out, flags }: CommandContext,
  report: TotalReport,
  { ndjson, csv, prom }: FormOptions,
): Promise<void> {
  if (prom !== undefined) await writeProm(prom, report)
  if (flags.json) await out.json(totalDocument(report))
  else if (ndjson) for (const row of totalRows(report)) await out.ndjson(row)
  else if (csv) {
    const { totalCsv } = await import('../report/total-csv.ts')
    for (const row of totalCsv(report)) await out.write(row)
  } else {
    const { totalText } = await import('../report/total-text.ts')
    for (const line of totalText(report)) await out.write(line)
  }
}
