import { escapeHtml } from '@nightshift/tooling/report-page'
import type { FileCoverage } from '../document.ts'
import { longestGap } from '../longest-gap.ts'
import { formatLength, formatShare, formatTime } from '../times.ts'

/** The table of a tree's files with its filter. Files in `drawn` link to their strips. */
export function fileList(files: readonly FileCoverage[], drawn: ReadonlySet<number>): string {
  const heads = [
    head('share', 'Known', true),
    head('gap', 'Longest gap', true),
    head('update', 'Last update', false),
    head('name', 'File', false),
  ]
  const readable = files.filter((file) => file.coverage !== undefined).length
  const note =
    drawn.size < readable
      ? `<p class="muted">Strips are drawn for the ${drawn.size} files that know least.</p>`
      : ''
  return `<div class="tools scripted"><label>Filter <input type="search" id="filter" autocomplete="off" placeholder="part of a path"></label><label><input type="checkbox" id="only-gaps"> only files with gaps</label><span id="shown" class="muted" role="status"></span></div>
${note}<div class="scroll"><table id="files"><thead><tr>${heads.join('')}</tr></thead><tbody>${files.map((file, index) => row(file, index, drawn.has(index))).join('\n')}</tbody></table></div>`
}

function head(key: string, label: string, number: boolean): string {
  return `<th scope="col"${number ? ' class="number"' : ''}><button type="button" data-key="${key}">${label}</button></th>`
}

function row({ path, coverage, error }: FileCoverage, index: number, isDrawn: boolean): string {
  const name = `<bdi class="path">${escapeHtml(path)}</bdi>`
  const search = escapeHtml(path.toLowerCase())
  if (coverage === undefined) {
    const message = escapeHtml(error?.message ?? 'could not be read')
    return `<tr data-file="f${index}" data-name="${search}" data-share="-1" data-gap="-1" data-update="-1"><td class="number bad">failed</td><td colspan="2">${message}</td><td>${name}</td></tr>`
  }
  const gap = longestGap(coverage)
  const data = `data-file="f${index}" data-name="${search}" data-share="${coverage.share}" data-gap="${gap}" data-update="${coverage.lastUpdate}"`
  const link = isDrawn ? `<a href="#f${index}">${name}</a>` : name
  return `<tr ${data}><td class="number">${formatShare(coverage.share)}</td><td class="number">${gap === 0 ? 'none' : formatLength(gap)}</td><td>${formatTime(coverage.lastUpdate)}</td><td>${link}</td></tr>`
}
