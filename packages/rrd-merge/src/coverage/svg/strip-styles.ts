/** How strips look; shared by the standalone picture and the page, each of which defines the custom properties. */
export const stripStyles = `
.strips { display: block; width: 100%; height: auto; }
.strips text { fill: var(--text); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; }
.strips .cf, .strips .share, .strips .answer { font-weight: 600; }
.strips .length, .strips .role, .strips .note, .strips .tick { fill: var(--muted); }
.strips .role.answer { fill: var(--text); }
.strips .note, .strips .tick { font-size: 11px; }
.strips .note { paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
.strips .grid { stroke: var(--line); stroke-width: 1; fill: none; shape-rendering: crispEdges; }
.known { fill: var(--good); shape-rendering: crispEdges; }
.unknown { fill: url(#unknown); shape-rendering: crispEdges; }
.hatch-ground { fill: var(--bad-soft); }
.hatch-line { stroke: var(--bad); stroke-width: 1.4; }
.strips .gap { stroke: none; }
.hit { fill: transparent; stroke: var(--line); stroke-width: 1; pointer-events: all; }
`

/** The ground of what is unknown: told from the known by texture, not by colour alone. */
export const hatch =
  '<pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><path class="hatch-line" d="M0 0V6"/></pattern>'
