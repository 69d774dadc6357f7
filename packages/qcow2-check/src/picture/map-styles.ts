import { CATEGORIES } from './categories.ts'

/**
 * A colour for each category, light and dark (at least 3 : 1 against the ground, and told apart with any colour vision:
 * after Okabe and Ito), the leaked hatched: colour alone never carries the meaning, each cell also has its words.
 */
const COLORS = {
  active: ['#2563a8', '#68abec'],
  shared: ['#0f7f63', '#3fc29f'],
  snapshot: ['#7a4fb5', '#b99aea'],
  compressed: ['#8a6d00', '#d9b93d'],
  table: ['#17202a', '#e7ebef'],
  refcount: ['#6b7682', '#93a0ad'],
  other: ['#a0447e', '#e08cc0'],
  pinned: ['#7d5a3c', '#c49a76'],
  leaked: ['#b4480b', '#f0925a'],
  free: ['#eef1f4', '#232a32'],
} as const

const variables = (column: 0 | 1): string =>
  CATEGORIES.map(([category]) => `--${category}: ${COLORS[category][column]};`).join(' ')

/** @param scope the element whose custom properties they are */
export function mapColors(scope: string): string {
  return `
${scope} { ${variables(0)} }
@media (prefers-color-scheme: dark) { ${scope} { ${variables(1)} } }
@media print { ${scope} { ${variables(0)} } }
`
}

export const mapStyles = `
.map { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
.map text { fill: var(--text); }
.map .note { fill: var(--muted); }
${CATEGORIES.map(([category]) => `.map .${category} { fill: var(--${category}); }`).join('\n')}
.map .leaked { fill: url(#leaked); }
.map .leaked-line { stroke: var(--leaked); stroke-width: 1.5; }
.map .leaked-ground { fill: var(--bad-soft); }
.map .damage { fill: none; stroke: var(--bad); stroke-width: 1.5; }
`

/** The fill of leaked clusters. */
export const leakedPattern =
  '<pattern id="leaked" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="leaked-ground" d="M0 0h4v4h-4z"/><path class="leaked-line" d="M1 0v4"/></pattern>'
