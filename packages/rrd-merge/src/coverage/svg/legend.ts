import { text } from './picture-svg.ts'

/** What full, partial and empty columns mean. */
export function drawLegend(x: number, y: number, zone: string): string {
  const swatch = (at: number, share: number) => {
    const bar = Math.round(share * 12)
    const ground = share < 1 ? `<path class="unknown" d="M${at} ${y - 10}h18v12h-18z"/>` : ''
    const fill = bar > 0 ? `<path class="known" d="M${at} ${y + 2 - bar}h18v${bar}h-18z"/>` : ''
    return `${ground}${fill}`
  }
  return [
    swatch(x, 1),
    text(x + 24, y, 'known', 'note'),
    swatch(x + 76, 0.5),
    text(x + 100, y, 'partly: as high as the share', 'note'),
    swatch(x + 266, 0),
    text(x + 290, y, 'unknown', 'note'),
    text(x + 660, y, `times in ${zone}`, 'note', 'end'),
  ].join('')
}
