import { escapeHtml } from '@nightshift/tooling/report-page'

export const cell = (text: string): string => `<td>${escapeHtml(text)}</td>`
export const numberCell = (text: string): string => `<td class="number">${escapeHtml(text)}</td>`

/** @param heads `#` before one of numbers; @param rows markup */
export function table(id: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) =>
    text.startsWith('#')
      ? `<th scope="col" class="number">${escapeHtml(text.slice(1))}</th>`
      : `<th scope="col">${escapeHtml(text)}</th>`,
  )
  return `<div class="scroll"><table id="${id}"><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`
}
