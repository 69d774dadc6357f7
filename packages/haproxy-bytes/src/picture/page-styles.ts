import { pageChartStyles } from './styles.ts'

export const chartPageStyles = `${pageChartStyles}
.chart { display: block; width: 100%; min-width: 44rem; height: auto; }
.chart .cursor { fill: none; stroke: var(--text); stroke-width: 1.5; pointer-events: none; }
.chart:focus { outline: none; }
figure { margin: 1.25rem 0 0.75rem; }
tbody th { font-weight: 400; color: inherit; }
.sum-row td, .sum-row th { font-weight: 650; }
.tip { position: absolute; z-index: 1; max-width: 34rem; padding: 0.35rem 0.6rem; border-radius: 4px; background: var(--tip); color: var(--tip-text); font-size: 0.85rem; pointer-events: none; }
.keys { color: var(--muted); font-size: 0.85rem; }
@media print { .tip, .cursor { display: none; } .chart { min-width: 0; } }
`
