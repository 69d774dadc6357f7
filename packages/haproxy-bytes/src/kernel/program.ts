import { type Field, fieldName, type LogFormat } from '../log-format/index.ts'
import { type CompiledFormat, compileSteps } from '../matcher/compile-steps.ts'
import { fieldsOfStep, type Segment } from '../matcher/step.ts'
import { isHexadecimal } from '../transfer/field-values.ts'

/** What a group is divided by, as lines have it: `client/24` is divided by `client` first. */
export type Source = 'frontend' | 'backend' | 'server' | 'client' | 'status' | 'state' | 'time'

/** Fields of a key, the first that has a value. */
const FIELDS: Readonly<Record<Exclude<Source, 'time'>, readonly string[]>> = {
  frontend: ['ft', 'f'],
  backend: ['b'],
  server: ['s'],
  client: ['ci'],
  status: ['ST'],
  state: ['tsc', 'ts'],
}

/** What is asked of all lines. */
export interface Asked {
  readonly sources: readonly Source[]
  /** Whether the instant of a line matters, for a key or a span. */
  readonly time: boolean
  /** Names of fields that must be without doubt. */
  readonly certain: ReadonlySet<string>
  /** Whether numbers of %lc are to be told. */
  readonly logCounters: boolean
}

/** A field of a program; `more` where another one takes its place if it has no value. */
export interface Wanted {
  readonly field: number
  readonly more: boolean
  /** `%ft`: a `~` at its end is no part of the name. */
  readonly marked: boolean
}

/** One format as the kernel takes it: its steps, and which of its fields are what. */
export interface Program extends CompiledFormat {
  readonly bytesOut: number
  readonly bytesIn?: number
  /** %Ta and %Tt: their `+` tells of a transfer that is still going on. */
  readonly took: readonly number[]
  readonly state?: Wanted
  /** In the order of the sources; undefined where the format doesn't have it. */
  readonly keys: readonly (Wanted | undefined)[]
  /** `%tr` with `%Ta` or `%t` with `%Tt`. */
  readonly date?: { readonly field: number; readonly took?: number }
  /** %lc, and whose numbers they are. */
  readonly counter?: { readonly field: number; readonly frontend: Wanted }
  /** From this segment on, fields that count could lie elsewhere too: that they can't is to be shown. */
  readonly doubtfulFrom: number
}

/** Undefined where the kernel can't take the format: then all its lines are the matcher's. */
export function programOf(
  format: LogFormat,
  { sources, time, certain, logCounters }: Asked,
): Program | undefined {
  if (format.encoding !== 'text') return undefined
  const compiled = compileSteps(format)
  const { fields, segments } = compiled
  const names = fields.map(fieldName)
  const find = (...wanted: readonly string[]): Wanted | undefined => {
    const found = wanted.filter((name) => names.includes(name))
    return found.length === 0
      ? undefined
      : { field: names.indexOf(found[0] as string), more: found.length > 1, marked: found[0] === 'ft' }
  }
  const bytesOut = find('B', 'bytes_out')
  if (!bytesOut || !isWalkable(segments)) return undefined
  // Whether both places say the same is the line reader's to see.
  if (['B', 'U'].some((name) => names.indexOf(name) !== names.lastIndexOf(name))) return undefined
  const date = dateOf(find)
  if (time && !date) return undefined
  const keys = sources.map((source) => (source === 'time' ? undefined : find(...FIELDS[source])))
  const [bytesIn, state] = [find('U', 'bytes_in'), find('tsc', 'ts')]
  const took = ['Ta', 'Tt'].flatMap((name) => find(name)?.field ?? [])
  const [number, frontend] = logCounters ? [find('lc'), find('ft', 'f')] : []
  const counter = number && frontend && { field: number.field, frontend }
  if (counter && isHexadecimal(fields[counter.field] as Field)) return undefined
  // Where an open field ends is the matcher's to say: it knows what may stand in it.
  const open = new Set(segments.map((segment) => segment.open))
  const wanted = [bytesOut, bytesIn, state, date, counter, counter?.frontend, ...keys].map(
    (one) => one?.field,
  )
  if ([...wanted, ...took].some((field) => field !== undefined && open.has(field))) return undefined
  const isCertain = (field: number): boolean => certain.has(names[field] as string)
  return {
    ...compiled,
    bytesOut: bytesOut.field,
    ...(bytesIn && { bytesIn: bytesIn.field }),
    took,
    ...(state && { state }),
    ...(date && { date }),
    keys,
    ...(counter && { counter }),
    doubtfulFrom: doubtfulFrom(segments, isCertain),
  }
}

/** TransferReader's order: `%tr`, then `%t`; other dates are left to it. */
function dateOf(find: (...names: readonly string[]) => Wanted | undefined): Program['date'] {
  const request = find('tr', 'trg', 'trl')
  const accept = find('t', 'T', 'Tl')
  const [date, took] = request ? [request, find('Ta')] : [accept, find('Tt')]
  if (!date || date.more || (request && accept)) return undefined
  return { field: date.field, ...(took && { took: took.field }) }
}

/**
 * After an open field its end is searched by the first byte of what follows. Before another one the last step must be
 * one that takes bytes: where a capture would have to end nothing shows.
 */
function isWalkable(segments: readonly Segment[]): boolean {
  return segments.every(({ steps, open }, number) => {
    if (open === undefined) return true
    const isLast = number === segments.length - 1
    const [first, last] = [steps[0], steps.at(-1)]
    if (!first || !last) return isLast
    if (first.kind !== 'separator' && first.kind !== 'literal') return false
    if (!isLast && (last.kind === 'captures' || last.kind === 'capture-list')) return false
    return steps.every(({ kind }) => kind !== 'address-port')
  })
}

/** A closed field lies where its segment does; an open one begins where the segment before it ends. */
function doubtfulFrom(segments: readonly Segment[], isCertain: (field: number) => boolean): number {
  const first = segments.findIndex(
    ({ steps }, number) =>
      number > 0 && (steps.flatMap(fieldsOfStep).some(isCertain) || opens(segments[number + 1], isCertain)),
  )
  if (opens(segments[1], isCertain)) return 1
  return first < 0 ? segments.length : first
}

const opens = (segment: Segment | undefined, isCertain: (field: number) => boolean): boolean =>
  segment?.open !== undefined && isCertain(segment.open)
