import { coverageOfMeasurement } from '../coverage.ts'
import type { Measurement } from '../measure.ts'
import { type MergedMeasurements, mergeCoverageOf } from '../merge-coverage.ts'
import { pictureOfFile, pictureOfMerge, rolesOf } from '../picture.ts'
import { archiveLabels, stripWidth } from './labels.ts'
import { pictureText, roleColumn } from './picture-text.ts'
import type { TerminalStyle } from './style.ts'

/** The coverage of one file for a terminal. Names are escaped here. */
export function fileCoverageText(name: string, measurement: Measurement, style: TerminalStyle): string {
  const columns = columnsFor(measurement, [], style)
  return pictureText(pictureOfFile(name, coverageOfMeasurement(measurement, { columns })), style)
}

/** NEW, OLD and the result, archive by archive, for a terminal. Names are escaped here. */
export function mergeCoverageText(
  name: string,
  measurements: MergedMeasurements,
  style: TerminalStyle,
): string {
  const columns = columnsFor(measurements.after, rolesOf(measurements.olds.length), style)
  return pictureText(pictureOfMerge(name, mergeCoverageOf(measurements, { columns })), style)
}

function columnsFor({ archives }: Measurement, roles: readonly string[], style: TerminalStyle): number {
  const labels = archiveLabels(archives.map((archive) => archive.summary))
  const labelWidth = Math.max(...labels.map((label) => label.length), 0) + 2 + roleColumn(roles)
  return stripWidth(labelWidth, style.columns)
}
