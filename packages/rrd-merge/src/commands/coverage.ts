import { type CommandContext, checkOutputs, jsonPath } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import {
  coverageDocument,
  coverageOfMeasurement,
  type FileCoverage,
  fileCoverageText,
  type Measurement,
  measure,
  PICTURE_COLUMNS,
  terminalStyle,
  totalsOf,
  treeHeadText,
  treeLineText,
  treeTotalsText,
} from '../coverage/index.ts'
import { openRrd } from '../file/open-rrd.ts'
import { writeOutput } from '../file/write-output.ts'
import { EXIT } from '../report/exit-code.ts'
import { listFiles } from '../tree/list-files.ts'
import { errorOfOnly, reportFailure } from './failure-report.ts'
import { isFolder, presentOperands } from './operands.ts'
import type { CoverageOptions } from './read-only.options.ts'

/** `rrd-merge coverage FILE|DIR...`: what is known, and where the holes are. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  { svg, html }: CoverageOptions,
): Promise<number> {
  const paths = presentOperands(operands)
  const single = paths.length === 1 && !isFolder(paths[0] as FileName)
  const { out, flags, stdout, env } = context
  const drawn = svg !== undefined || html !== undefined
  const style = terminalStyle(stdout, env)
  const files: FileCoverage[] = []
  const text = !flags.json
  const listed = drawn ? [...listFiles(paths)] : undefined
  if (listed) {
    const inputs = listed.map(({ path }) => path)
    checkOutputs(
      [
        ['--svg', svg],
        ['--html', html],
      ],
      inputs,
    )
  }
  if (text && !single) await out.line(treeHeadText(style))
  for (const { path, error } of listed ?? listFiles(paths)) {
    context.signal.throwIfAborted()
    const { coverage, measurement } = error
      ? { coverage: reportFailure(context, path, error) }
      : await look(context, path, drawn)
    files.push(coverage)
    if (!text) continue
    if (!single) await out.line(treeLineText(coverage))
    else if (measurement) await out.line(fileCoverageText(fileNameText(path), measurement, style))
  }
  if (text && !single) await out.line(treeTotalsText(totalsOf(files), style))
  if (drawn) {
    const { pageOf, svgOf } = await import('./coverage-pictures.ts')
    if (svg !== undefined) writeOutput(svg, svgOf(files))
    if (html !== undefined) writeOutput(html, pageOf(context, paths, files))
  }
  if (flags.json) await out.json({ ...coverageDocument(files), ...errorOfOnly(files) })
  if (files.length === 0) {
    context.log.warn('no *.rrd file is there', { code: 'nothing-matched' })
    return EXIT.nothingMatched
  }
  return files.some(({ error }) => error) ? EXIT.someFailed : EXIT.done
}

async function look(
  context: CommandContext,
  path: FileName,
  drawn: boolean,
): Promise<{ coverage: FileCoverage; measurement?: Measurement }> {
  try {
    const measurement = measure(await openRrd(path, { signal: context.signal }))
    // Figures and gaps need no strip, and a strip for each archive of a tree makes a large document.
    const coverage = coverageOfMeasurement(measurement, { columns: drawn ? PICTURE_COLUMNS : 0 })
    return { coverage: { ...jsonPath(path), coverage }, measurement }
  } catch (error) {
    context.signal.throwIfAborted()
    return { coverage: reportFailure(context, path, error) }
  }
}
