/**
 * Light and dark, of marks at least 3 : 1 against the ground, told apart with any colour vision (after Okabe and Ito).
 * No meaning hangs on colour alone: lines differ in their dashes, areas in their patterns, and words stand beside.
 */
const COLORS = {
  logged: ['#17202a', '#e7ebef'],
  band: ['#2563a8', '#68abec'],
  counted: ['#0f7f63', '#3fc29f'],
  sockets: ['#a0447e', '#e08cc0'],
} as const

const SHELL = {
  page: ['#ffffff', '#12161b'],
  line: ['#d5dbe1', '#37414c'],
  text: ['#17202a', '#e7ebef'],
  muted: ['#56626f', '#a3afbb'],
  bad: ['#b4480b', '#f0925a'],
} as const

function schemes(scope: string, colors: Readonly<Record<string, readonly [string, string]>>): string {
  const column = (number: 0 | 1): string =>
    Object.entries(colors)
      .map(([name, pair]) => `--${name}: ${pair[number]};`)
      .join(' ')
  return `
${scope} { ${column(0)} }
@media (prefers-color-scheme: dark) { ${scope} { ${column(1)} } }
@media print { ${scope} { ${column(0)} } }
`
}

const shapes = `
.chart { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
.chart text { fill: var(--text); }
.chart .note { fill: var(--muted); }
.chart .number { font-variant-numeric: tabular-nums; }
.chart .end { text-anchor: end; }
.chart .middle { text-anchor: middle; }
.chart .strong { font-weight: 650; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .zero { stroke: var(--muted); stroke-width: 1.5; }
.chart .logged, .chart .counted, .chart .sockets, .chart .likely { fill: none; stroke-width: 2; stroke-linejoin: round; }
.chart .logged { stroke: var(--logged); }
.chart .counted { stroke: var(--counted); stroke-dasharray: 9 4; stroke-width: 2.5; }
.chart .sockets { stroke: var(--sockets); stroke-dasharray: 0.1 5; stroke-width: 3; stroke-linecap: round; }
.chart .likely { stroke: var(--band); stroke-width: 1.25; }
.chart .band { fill: var(--band); fill-opacity: 0.28; stroke: var(--band); stroke-width: 0.75; }
.chart .open { fill: url(#endless); stroke: none; }
.chart .endless-mark { fill: none; stroke: var(--band); stroke-opacity: 0.6; }
.chart .endless-ground { fill: var(--band); fill-opacity: 0.14; }
.chart .least { fill: none; stroke: var(--band); stroke-width: 0.75; }
.chart .loss { fill: url(#lossy); stroke: var(--bad); stroke-width: 1; }
.chart .lossy-mark { stroke: var(--bad); stroke-width: 1.5; }
.chart .loss-ground { fill: var(--bad); fill-opacity: 0.1; }
.chart .sum { fill: var(--logged); }
.chart .sum-unknown { fill: none; stroke: var(--logged); stroke-width: 1.5; stroke-dasharray: 4 3; }
.chart .exact { fill: var(--band); }
.chart .bounded { fill: url(#bounded); stroke: var(--band); stroke-width: 1.5; }
.chart .estimated { fill: url(#estimated); stroke: var(--band); stroke-width: 1.5; stroke-dasharray: 5 3; }
.chart .unknown { fill: none; stroke: var(--band); stroke-width: 1.5; stroke-dasharray: 1.5 3.5; }
.chart .hatch { stroke: var(--band); stroke-width: 2; }
.chart .dot { fill: var(--band); }
.chart .reach { fill: none; stroke: var(--muted); stroke-width: 1.5; }
.chart .halo { stroke: var(--page); stroke-width: 4; stroke-opacity: 0.75; }
.chart .break { stroke: var(--page); stroke-width: 2.5; fill: none; }
`

const ground = `
.page { fill: var(--page); }
.chart .title { font-size: 17px; font-weight: 650; }
`

/** For a page, whose shell has the other colours. */
export const pageChartStyles = `${schemes(':root', COLORS)}${shapes}`
/** For a file of its own. */
export const svgChartStyles = `${schemes('svg', { ...SHELL, ...COLORS })}${shapes}${ground}`

/** Fills that the styles name; once a document. */
export const PATTERNS =
  '<pattern id="lossy" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="lossy-mark" d="M1 0v5"/></pattern>' +
  '<pattern id="endless" width="14" height="14" patternUnits="userSpaceOnUse"><path class="endless-ground" d="M0 0h14v14h-14z"/><path class="endless-mark" d="M7 11v-7m-2 2.5l2 -2.5l2 2.5"/></pattern>' +
  '<pattern id="bounded" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M1 0v5"/></pattern>' +
  '<pattern id="estimated" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="dot" cx="2.5" cy="2.5" r="1.2"/></pattern>'
