/** Columns of a strip of equal share, from `start` up to but not including `end`. */
export interface StripRun {
  readonly start: number
  readonly end: number
  /** 0 to 1; null where the archive has no row. */
  readonly share: number | null
}

/** Bars that are neither full nor empty stay visibly neither, however near they are to it. */
const LOWEST_BAR = 0.14
const HIGHEST_BAR = 0.74

/** Neighbouring columns that look alike, in order. */
export function runsOf(strip: readonly (number | null)[]): StripRun[] {
  const runs: StripRun[] = []
  for (let start = 0; start < strip.length; ) {
    const share = strip[start] ?? null
    let end = start + 1
    while (end < strip.length && (strip[end] ?? null) === share) end++
    runs.push({ start, end, share })
    start = end
  }
  return runs
}

export interface StripBox {
  readonly x: number
  readonly y: number
  readonly height: number
  readonly columnWidth: number
}

/** Path data of what is known (bars as high as the share) and of what isn't (the ground that shows behind them). */
export function stripPaths(runs: readonly StripRun[], box: StripBox): { known: string; unknown: string } {
  let known = ''
  let unknown = ''
  for (const { start, end, share } of runs) {
    if (share === null) continue
    const x = box.x + start * box.columnWidth
    const width = (end - start) * box.columnWidth
    const height = barHeight(share, box.height)
    if (height > 0) known += rectangle(x, box.y + box.height - height, width, height)
    if (share < 1) unknown += rectangle(x, box.y, width, box.height)
  }
  return { known, unknown }
}

function barHeight(share: number, height: number): number {
  if (share <= 0 || share >= 1) return share * height
  return Math.round(Math.min(Math.max(share, LOWEST_BAR), HIGHEST_BAR) * height)
}

function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`
}

/** Coordinates to a hundredth of a pixel. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}
