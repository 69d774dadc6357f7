import { type CommandContext, checkOutputs, UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { displayPath } from '@nightshift/tooling/terminal'
import { parseConfig } from '../config/index.ts'
import { logWarnings } from '../notes/index.ts'
import { mergePartials, SourceCounter } from '../partial/index.ts'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { ASKED_FIELDS } from '../wire/index.ts'
import type { ChartOptions } from './chart.options.ts'
import { GapReader } from './chart-gap.ts'
import type { Picture, PictureReader } from './chart-picture.ts'
import { WaterfallReader } from './chart-waterfall.ts'
import { givenCounters } from './given-counters.ts'
import { logInput, scanLogs } from './log-input.ts'
import { readLossSources, widened } from './loss-sources.ts'
import { MODELS } from './model.options.ts'
import { readText } from './read-text.ts'
import { tellWarnings } from './tell-total.ts'
import { wireWarnings } from './wire-warnings.ts'
import { writeOutput } from './write-output.ts'

/** `haproxy-bytes chart LOG... [--config haproxy.cfg] [--syslog FILE]... [--journal FILE] [--before FILE --after FILE] [--kind gap|waterfall] -o FILE` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: ChartOptions,
): Promise<number> {
  const { haproxyVersion: version, model: modelName, kind, output, before, after, syslog, journal } = options
  if (version !== undefined && modelName !== 'auto')
    throw new UsageError('--model and --haproxy-version exclude each other')
  if ((before === undefined) !== (after === undefined))
    throw new UsageError('--before and --after go together: the log lies between them')
  if (kind !== 'gap' && (syslog !== undefined || journal !== undefined))
    throw new UsageError('--syslog and --journal tell of lost lines, which only the gap shows')
  const draw = formOf(output)
  const inputs = [
    ...operands.filter((one) => one !== '-'),
    ...(syslog ?? []),
    journal,
    before,
    after,
    options.config,
  ]
  checkOutputs(
    [['-o', output]],
    inputs.filter((input) => input !== undefined),
  )
  const input = logInput(options)
  const config = options.config === undefined ? undefined : parseConfig(readText(options.config))
  const counters = await givenCounters({ before, after }, context.signal)
  const settings = {
    version,
    config,
    counters,
    snapshotVersion: counters?.after.at(-1)?.version,
    accounting: MODELS[modelName],
  }
  const reader: PictureReader =
    kind === 'gap' ? new GapReader(settings, input.zone, input.span) : new WaterfallReader(settings)
  const counter = new SourceCounter([], input.span)
  const scan = await scanLogs(
    context,
    operands,
    { ...input, asked: ASKED_FIELDS, ...(input.span && reader.losses && { span: widened(input.span) }) },
    {
      line: (reading, line) => {
        const told = reader.line(reading, line)
        counter.line(told ? { kind: 'other', other: 'foreign' } : reading, line)
      },
    },
  )
  const othersRead =
    reader.losses === undefined || (await readLossSources(context, options, input.zone, reader.losses))
  const { totals, notes } = mergePartials([{ keys: [], settings: {}, sources: counter.sources(scan.logs) }])
  const picture = reader.picture()
  const { model, signatures } = reader.wire
  const warnings = tellWarnings(context, [
    ...logWarnings(totals.totals, notes),
    ...wireWarnings({ model, signatures }),
  ])
  writeOutput(output, draw(picture, titleOf(kind, operands), `${context.tool} ${context.version}`))
  if (context.flags.json) {
    const report = { output: fileNameText(output), model, lines: totals.lines, warnings }
    await context.out.json(picture.document(report))
  } else await context.out.line(`${displayPath(output)}: written`)
  const codes: ExitCode[] = [badLines(totals.lines, options.maxBad)]
  if (scan.failures.length > 0 || !othersRead) codes.push(EXIT.inputOutput)
  if (picture.incomparable) codes.push(EXIT.incomparable)
  return worst(codes)
}

type Form = (picture: Picture, title: string, generator: string) => string

const FORMS: Readonly<Record<string, Form>> = {
  svg: (picture, title) => picture.svg(title),
  html: (picture, title, generator) => picture.html(title, generator),
}

/** @throws UsageError */
function formOf(output: FileName): Form {
  const ending = /\.([a-z]+)$/i.exec(fileNameText(output))?.[1]?.toLowerCase() ?? ''
  const form = Object.hasOwn(FORMS, ending) ? FORMS[ending] : undefined
  if (form) return form
  throw new UsageError(`-o ${fileNameText(output)}: the name must end in .svg or .html`, {
    remedy: 'it says what is written',
  })
}

const KIND_WORDS = { gap: 'Gap between log and wire', waterfall: 'From log to wire' } as const

function titleOf(kind: keyof typeof KIND_WORDS, [first = '-', ...others]: readonly string[]): string {
  const name = first === '-' ? 'standard input' : first
  return `${KIND_WORDS[kind]}: ${name}${others.length > 0 ? ` and ${others.length} more` : ''}`
}
