import { escapeHtml, renderPage } from '@nightshift/tooling/report-page'
import { type FileCoverage, totalsOf } from '../document.ts'
import { leastKnown } from '../least-known.ts'
import { type Picture, pictureOfFile } from '../picture.ts'
import { hatch } from '../svg/strip-styles.ts'
import { formatShare } from '../times.ts'
import { fileList } from './file-list.ts'
import { fileSection } from './file-section.ts'
import { listScript } from './list-script.ts'
import { pageData } from './page-data.ts'
import { pageScript } from './page-script.ts'
import { pageStyles } from './page-styles.ts'

export interface PageOptions {
  /** Foot of the page: the tool and its version. */
  readonly generator: string
  /** Files of a tree that are drawn, those that know least first; the others are only listed. Default 200. */
  readonly maxDrawn?: number
}

const sharedParts = `<svg class="shared-parts" aria-hidden="true"><defs>${hatch}</defs></svg>`

/** A self-contained page of one file, or of one merge (`pictureOfFile`, `pictureOfMerge` with PICTURE_COLUMNS). */
export function renderPicturePage(picture: Picture, { generator }: PageOptions): string {
  return renderPage({
    title: picture.name,
    description: picture.headline,
    generator,
    data: pageData([{ prefix: 'f0', picture }]),
    styles: pageStyles,
    script: pageScript,
    body: `${sharedParts}${fileSection(picture, 'f0', 'h2')}`,
  })
}

/** A self-contained page of many files: a list to filter and sort, and each file's strips to open. */
export function renderTreePage(
  title: string,
  files: readonly FileCoverage[],
  { generator, maxDrawn = 200 }: PageOptions,
): string {
  const drawn = leastKnown(files, maxDrawn)
  const pictures = drawn.map(({ index, path, coverage }) => ({
    prefix: `f${index}`,
    share: coverage.share,
    picture: pictureOfFile(path, coverage),
  }))
  const sections = pictures.map(({ prefix, picture, share }) => {
    const head = `<span class="number">${formatShare(share)}</span> <bdi class="path">${escapeHtml(picture.name)}</bdi>`
    return `<details class="file" id="${prefix}"><summary>${head}</summary><p class="muted">${escapeHtml(picture.headline)}</p>${fileSection(picture, prefix, 'h3')}</details>`
  })
  const { failed, withGaps, share } = totalsOf(files)
  const failures = failed === 0 ? '' : `, ${failed} could not be read`
  return renderPage({
    title,
    description: `${files.length} files, ${formatShare(share)} known, ${withGaps} with gaps${failures}`,
    generator,
    data: pageData(pictures),
    styles: pageStyles,
    script: `${pageScript}${listScript}`,
    body: `${sharedParts}${fileList(files, new Set(drawn.map(({ index }) => index)))}<h2>Strips</h2>${sections.join('\n')}`,
  })
}
