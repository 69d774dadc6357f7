import type { Explained, Explanation, Step } from '../wire/index.ts'

/** Groups drawn at most; all are in the page's tables. */
export const MOST_DRAWN = 12

/** A waterfall of one direction of one frontend. */
export interface Waterfall {
  /** Undefined: of all together. */
  readonly frontend: string | null | undefined
  readonly direction: 'out' | 'in'
  readonly requests: number
  readonly steps: readonly Step[]
  /** HAProxy's own count of bytes on sockets. */
  readonly counted?: bigint
}

/** A step with what was there before it; bytes, as they are drawn. */
export interface Bar {
  readonly step: Step
  readonly isSum: boolean
  /** From where it goes to where it most likely ends. */
  readonly from: number
  readonly to: number
  /** Where it ends at least and at most; without `most` nothing limits it. */
  readonly least: number
  readonly most?: number
}

const SUMS: ReadonlySet<string> = new Set(['logged', 'wire', 'socket'])

/** All together first, where there are several, then by size. */
export function waterfallsOf({ frontends, totals }: Explanation): Waterfall[] {
  const bySize = [...frontends].sort((a, b) => (logged(b) > logged(a) ? 1 : -1))
  const all = frontends.length === 1 ? [] : [{ explained: totals, frontend: undefined }]
  const named = bySize.map((explained) => ({ explained, frontend: explained.frontend }))
  return [...all, ...named].flatMap(({ explained, frontend }) =>
    (['out', 'in'] as const).flatMap((direction) => {
      const one = explained[direction]
      if (!one) return []
      const { waterfall: steps, counted } = one
      return {
        frontend,
        direction,
        requests: explained.requests,
        steps,
        ...(counted !== undefined && { counted }),
      }
    }),
  )
}

const logged = ({ out }: Explained): bigint => out.waterfall.find(({ code }) => code === 'logged')?.low ?? 0n

export function barsOf({ steps }: Waterfall): Bar[] {
  let level = 0
  return steps.map((step): Bar => {
    const isSum = SUMS.has(step.code)
    const from = isSum ? 0 : level
    const to = from + Number(step.value ?? step.low)
    // A sum says where all stands, whatever rounding made of the way there.
    level = to
    return {
      step,
      isSum,
      from,
      to,
      least: from + Number(step.low),
      ...(step.high !== undefined && { most: from + Number(step.high) }),
    }
  })
}
