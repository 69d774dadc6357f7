import type { LogFormat } from '../log-format/index.ts'
import { compileSteps } from '../matcher/compile-steps.ts'
import type { Step } from '../matcher/step.ts'
import type { Program } from './program.ts'

const QUOTE = 0x22

/**
 * LineReader tries formats in an order, and the first that fits has the line. Before the kernel takes one, none of those
 * before it must fit: by its quotes (`excluded`), or because the beginning of the line shows it (`steps`, a probe).
 */
export type Rival =
  | { readonly kind: 'excluded' }
  | { readonly kind: 'probe'; readonly steps: readonly Step[] }

/** Undefined where nothing can be said of the other format: then the program can't be used beside it. */
export function rivalOf(program: Program, before: LogFormat): Rival | undefined {
  if (before.encoding === 'json')
    return { kind: 'probe', steps: [{ kind: 'literal', bytes: Uint8Array.of(0x7b) }] }
  if (before.encoding !== 'text') return undefined
  const own = quotesOf(program.segments.flatMap(({ steps }) => steps))
  const compiled = compileSteps(before)
  const other = quotesOf(compiled.segments.flatMap(({ steps }) => steps))
  if (own.exact) {
    // The line has exactly as many quotes as the program's steps.
    if (own.count < other.count) return { kind: 'excluded' }
    const tails = new Set([own.tail, other.tail])
    const differ = tails.size === 2 && !tails.has('either')
    if (own.count === other.count && own.count > 0 && differ) return { kind: 'excluded' }
  }
  const steps = compiled.segments[0]?.steps ?? []
  return steps.length === 0 ? undefined : { kind: 'probe', steps }
}

interface Quotes {
  readonly count: number
  /** False where a line of this format may have more. */
  readonly exact: boolean
  /** What comes after the last quote: nothing, something that is no blank, or either. */
  readonly tail: 'nothing' | 'something' | 'either'
}

/** How many quotes a line must have; open fields, captures and words with quotes are not taken beside other formats. */
function quotesOf(steps: readonly Step[]): Quotes {
  const counts = steps.map(quotesIn)
  const last = steps.slice(counts.findLastIndex((count) => count > 0))
  const [quoted, ...after] = last as [Step, ...Step[]]
  const ends = quoted.kind === 'quoted' || (quoted.kind === 'literal' && quoted.bytes.at(-1) === QUOTE)
  const something = !ends || after.some(({ kind }) => kind !== 'separator' && !MAY_BE_NOTHING.has(kind))
  return {
    count: counts.reduce((sum, count) => sum + count, 0),
    exact: steps.every(({ kind }) => kind !== 'capture-list'),
    tail: something ? 'something' : after.length === 0 ? 'nothing' : 'either',
  }
}

const MAY_BE_NOTHING: ReadonlySet<Step['kind']> = new Set(['captures', 'capture-list'])

function quotesIn(step: Step): number {
  if (step.kind === 'quoted') return 2
  return step.kind === 'literal' ? step.bytes.filter((byte) => byte === QUOTE).length : 0
}
