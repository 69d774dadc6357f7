import type { MadeItem } from './format.ts'
import type { Logged } from './logged.ts'
import {
  CAPTURE_LISTS,
  CAPTURES,
  DATES,
  NAMES,
  NUMBERS,
  REQUESTS,
  STATES,
  ZONED_DATES,
} from './vocabulary.ts'

/** Where an item that begins at `from` may end. */
type Ends = (text: string, from: number) => Iterable<number>

const pattern =
  (source: string): Ends =>
  (text, from) => {
    const found = new RegExp(source, 'y')
    found.lastIndex = from
    const longest = found.exec(text)?.[0].length ?? -1
    return Array.from({ length: longest + 1 }, (_, length) => from + length).filter((to) =>
      new RegExp(`^(?:${source})$`).test(text.slice(from, to)),
    )
  }

function* anything(text: string, from: number): Iterable<number> {
  for (let to = from; to <= text.length; to++) yield to
}

const quoted = (inner: Ends): Ends =>
  function* (text, from) {
    if (text[from] !== '"') return
    for (const to of inner(text, from + 1)) if (text[to] === '"') yield to + 1
  }

const WORD = pattern('[A-Za-z0-9.:_<>~-]+')
const HEXADECIMAL = new Set(['cp', 'fp', 'bp', 'sp', 'rt', 'lc', 'ms', 'pid', 'Ts'])
const ADDRESSES = new Set(['ci', 'fi', 'bi', 'si'])
const PORTS = new Set(['cp', 'fp', 'bp', 'sp'])

function numberEnds({ name, isFetch, flags }: Extract<MadeItem, { kind: 'field' }>): Ends {
  if (isFetch) return flags.Q ? quoted(pattern('(?:-?\\d+)?')) : pattern('-?\\d+|-')
  const nothing = flags.Q && PORTS.has(name) ? '""' : '-'
  return pattern(`${flags.X && HEXADECIMAL.has(name) ? '[0-9A-F]+' : '[+-]?\\d+'}|${nothing}`)
}

/** What HAProxy 2.6 can write for an item: manual 8.2.4, 8.6, and as each alias was seen to be written with each flag. */
function endsOf(item: MadeItem): Ends {
  if (item.kind === 'blank')
    return (text, from) => (text[from] === ' ' ? [from + 1] : text[from - 1] === ' ' ? [from] : [])
  if (item.kind === 'text') {
    const bytes = Buffer.from(item.text).toString('latin1')
    return (text, from) => (text.startsWith(bytes, from) ? [from + bytes.length] : [])
  }
  const { name, flags } = item
  if (NUMBERS.has(name)) return numberEnds(item)
  if (STATES.has(name)) return pattern(`[A-Za-z-]{${name.length === 2 ? 2 : 4}}`)
  if (DATES.has(name)) return pattern('\\d\\d/\\w{3}/\\d{4}:[\\d:]{8}\\.\\d{3}')
  if (ZONED_DATES.has(name)) return pattern('\\d\\d/\\w{3}/\\d{4}:[\\d:]{8} [+-]\\d{4}')
  if (ADDRESSES.has(name) && flags.X) return pattern(`[0-9A-F]+|${flags.Q ? '""' : '-'}`)
  if (NAMES.has(name)) return flags.Q ? quoted(pattern('[A-Za-z0-9.:_<>~-]*')) : WORD
  if (CAPTURES.has(name)) return pattern(flags.Q ? '(?:"\\{[^{}"]*\\}")?' : '(?:\\{[^{}"]*\\})?')
  if (CAPTURE_LISTS.has(name)) return flags.Q ? pattern('(?:"[^"]*"(?: "[^"]*")*)?') : anything
  if (REQUESTS.has(name)) return flags.Q ? quoted(pattern('[^"]*')) : anything
  if (flags.Q && flags.E) return quoted(pattern('(?:[^"\\\\]|\\\\[^])*'))
  return flags.Q ? quoted(anything) : anything
}

/**
 * All texts that this field can have in a reading of the whole message, found by trying every one: places that can be
 * reached from the left, and from which the right end can be.
 */
export function textsOf(items: readonly MadeItem[], wanted: number, text: string): Set<string> {
  const steps = items.map((item) => {
    const ends = endsOf(item)
    const known = new Map<number, number[]>()
    return (from: number): number[] => {
      const found = known.get(from) ?? [...ends(text, from)]
      known.set(from, found)
      return found
    }
  })
  let places = new Set([0])
  for (const step of steps.slice(0, wanted)) places = new Set([...places].flatMap(step))
  const texts = new Set<string>()
  for (const from of places)
    for (const to of (steps[wanted] as (typeof steps)[number])(from)) {
      const value = text.slice(from, to)
      if (!texts.has(value) && reachesEnd(steps.slice(wanted + 1), to, text.length)) texts.add(value)
    }
  return texts
}

function reachesEnd(steps: readonly ((from: number) => number[])[], from: number, end: number): boolean {
  let places = new Set([from])
  for (const step of steps) {
    const next = new Set<number>()
    for (const place of places) for (const to of step(place)) next.add(to)
    places = next
  }
  return places.has(end)
}

/** Whether a field that counts has another text in another reading, in all places where the format has it. */
export function hasTwoReadings({ proxy, message }: Logged, counted: readonly string[]): boolean {
  const { items } = proxy.format
  const text = message.toString('latin1')
  const certain = new Set<string>()
  const doubtful = new Set<string>()
  for (const [at, item] of items.entries()) {
    if (item.kind !== 'field' || !counted.includes(item.name) || certain.has(item.name)) continue
    if (textsOf(items, at, text).size > 1) doubtful.add(item.name)
    else certain.add(item.name)
  }
  return [...doubtful].some((name) => !certain.has(name))
}
