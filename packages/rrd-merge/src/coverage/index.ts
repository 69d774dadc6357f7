export { type CoverageOptions, coverageOf, coverageOfMeasurement } from './coverage.ts'
export {
  type CoverageDocument,
  coverageDocument,
  type FileCoverage,
  type FileDocument,
  type TreeTotals,
  totalsOf,
} from './document.ts'
export { type PageOptions, renderPicturePage, renderTreePage } from './html/page.ts'
export { type KnownFile, leastKnown } from './least-known.ts'
export { type MeasuredArchive, type Measurement, type MeasureOptions, measure } from './measure.ts'
export { type MergedMeasurements, mergeCoverageOf } from './merge-coverage.ts'
export {
  type Picture,
  type PictureGroup,
  type PictureLine,
  pictureOfFile,
  pictureOfMerge,
} from './picture.ts'
export { type Columns, columnsOf } from './strip.ts'
export { renderSvg } from './svg/document.ts'
export { PICTURE_COLUMNS } from './svg/picture-svg.ts'
export { type TerminalStyle, terminalStyle } from './terminal/style.ts'
export { fileCoverageText, mergeCoverageText } from './terminal/texts.ts'
export { treeHeadText, treeLineText, treeTotalsText } from './terminal/tree-text.ts'
export type {
  ArchiveCoverage,
  Axis,
  Coverage,
  Gap,
  MergeCoverage,
  MergedArchive,
  TimeRange,
} from './types.ts'
