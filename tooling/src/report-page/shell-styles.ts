/**
 * What all report pages share: colours for light and dark (contrast of text at least 4.5 : 1, of marks 3 : 1, WCAG
 * 2.2 AA), type, tables, focus, print. A tool's style sheet uses the custom properties, so that it needs no dark part.
 */
export const shellStyles = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --raised: #f5f7f9; --line: #d5dbe1; --text: #17202a; --muted: #56626f;
  --accent: #1d5fa8; --good: #2563a8; --bad: #b4480b; --bad-soft: #fbe9dc; --tip: #17202a; --tip-text: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --raised: #1b2128; --line: #37414c; --text: #e7ebef; --muted: #a3afbb;
    --accent: #7db8f2; --good: #68abec; --bad: #f0925a; --bad-soft: #472b1b; --tip: #e7ebef; --tip-text: #12161b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem clamp(1rem, 3vw, 2.5rem) 3rem; max-width: 76rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2, h3 { margin: 2rem 0 0.5rem; font-size: 1.1rem; line-height: 1.3; overflow-wrap: anywhere; }
.page-head { padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
.page-head p { margin: 0.35rem 0 0; color: var(--muted); }
.page-foot { margin-top: 2.5rem; padding-top: 0.75rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.85rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
caption { padding: 0 0 0.4rem; text-align: left; color: var(--muted); }
th, td { padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th { color: var(--muted); font-weight: 600; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
.path { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.85em; overflow-wrap: anywhere; }
.muted { color: var(--muted); }
input, button, select { font: inherit; color: inherit; }
input[type="search"] { padding: 0.4rem 0.6rem; min-width: 16rem; background: var(--page); border: 1px solid var(--muted); border-radius: 4px; }
kbd { padding: 0.05rem 0.35rem; border: 1px solid var(--line); border-radius: 4px; background: var(--raised); font: inherit; font-size: 0.85em; }
.scripted { display: none; }
.js .scripted { display: revert; }
@media print {
  :root {
    --page: #ffffff; --raised: #ffffff; --line: #b8c0c8; --text: #000000; --muted: #444c55;
    color-scheme: light; --accent: #000000; --good: #2563a8; --bad: #b4480b; --bad-soft: #fbe9dc;
  }
  body { padding: 0; max-width: none; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .js .scripted { display: none; }
  h2, figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`
