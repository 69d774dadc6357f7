import { stripStyles } from '../svg/strip-styles.ts'

export const pageStyles = `${stripStyles}
.shared-parts { position: absolute; width: 0; height: 0; }
figure { margin: 1rem 0 0; min-width: 44rem; }
td.number, th.number { padding-right: 2rem; }
.strip:focus { outline: none; }
.strip:focus-visible .hit, .strip.active .hit { stroke: var(--accent); stroke-width: 2; }
.cursor { stroke: var(--text); stroke-width: 2; pointer-events: none; }
.tip { position: absolute; z-index: 1; max-width: 22rem; padding: 0.35rem 0.6rem; border-radius: 5px; background: var(--tip); color: var(--tip-text); font-size: 0.85rem; line-height: 1.35; pointer-events: none; }
.tip b { display: block; font-weight: 650; }
.tools { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; margin: 1.25rem 0 0.75rem; }
.js .tools.scripted { display: flex; }
.file > summary { padding: 0.5rem 0; cursor: pointer; overflow-wrap: anywhere; }
.file { border-bottom: 1px solid var(--line); }
.file > summary .number { margin-right: 1rem; font-weight: 600; }
.file[open] { padding-bottom: 1.5rem; }
.bad { color: var(--bad); font-weight: 600; }
.keys { color: var(--muted); font-size: 0.85rem; }
#files td:last-child { min-width: 16rem; }
th button { padding: 0; border: 0; background: none; color: inherit; font-weight: inherit; cursor: pointer; text-decoration: underline dotted; text-underline-offset: 0.2em; }
th[aria-sort="ascending"] button::after { content: " ↑"; }
th[aria-sort="descending"] button::after { content: " ↓"; }
@media print { .tip, .cursor { display: none; } figure { min-width: 0; } }
`
