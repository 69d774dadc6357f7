import type { CommandContext } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import {
  type FileCoverage,
  leastKnown,
  type MergedMeasurements,
  mergeCoverageOf,
  PICTURE_COLUMNS,
  pictureOfFile,
  pictureOfMerge,
  renderPicturePage,
  renderSvg,
  renderTreePage,
} from '../coverage/index.ts'

/** Files drawn in one SVG, those that know least; the rest is counted. */
const MOST_DRAWN = 200

/** The files as one SVG. */
export function svgOf(files: readonly FileCoverage[]): string {
  const drawn = leastKnown(files, MOST_DRAWN)
  const pictures = drawn.map(({ path, coverage }) => pictureOfFile(path, coverage))
  return renderSvg(pictures, files.length - drawn.length)
}

/** The files as one self-contained page. */
export function pageOf(
  { tool, version }: CommandContext,
  paths: readonly FileName[],
  files: readonly FileCoverage[],
): string {
  const generator = `${tool} ${version}`
  const [only] = files
  if (files.length === 1 && only?.coverage) {
    return renderPicturePage(pictureOfFile(only.path, only.coverage), { generator })
  }
  return renderTreePage(paths.map(fileNameText).join(', '), files, { generator })
}

/** NEW, the OLDs and the result of one merge as SVG. */
export const mergeSvg = (name: string, measurements: MergedMeasurements): string =>
  renderSvg([pictureOfMerge(name, mergeCoverageOf(measurements, { columns: PICTURE_COLUMNS }))])

/** The same as a self-contained page. */
export const mergePage = (name: string, measurements: MergedMeasurements, generator: string): string =>
  renderPicturePage(pictureOfMerge(name, mergeCoverageOf(measurements, { columns: PICTURE_COLUMNS })), {
    generator,
  })
