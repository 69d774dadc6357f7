/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number): string => String(value).padStart(2, '0')

export function haproxyDate(instant: number): string {
  const at = new Date(instant)
  const date = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`
  return `${date}:${at.toISOString().slice(11, 23)}`
}

export function bsdStamp(instant: number): string {
  const at = new Date(instant)
  return `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`
}

export const NO_DATES = '%ci:%cp %ft %b/%s %ST %B %tsc %{+Q}r'

export interface RandomLog {
  readonly text: string
  readonly begin: number
  readonly end: number
}

/** How a random log is. */
export interface LogKind {
  /** ms by which a line may come too late. */
  readonly shuffled: number
  /** Times are in stamps alone, without year. */
  readonly stampsOnly: boolean
}

/** A log of some hours in the order in which HAProxy writes: by ends, of transfers of up to an hour. */
export function randomLog(
  random: () => number,
  { shuffled, stampsOnly }: LogKind,
  length: number,
): RandomLog {
  const begin = Date.UTC(2026, 10, 20) + Math.floor(random() * 86_400_000)
  const pace = 1 + random() * 5000
  const lines: { written: number; text: string }[] = []
  let end = begin
  for (let size = 0; size < length; ) {
    end += Math.floor(random() ** 6 * 20 * pace)
    const written = end + Math.floor(random() * shuffled)
    const text = lineOf(random, end, stampsOnly)
    lines.push({ written, text })
    size += text.length
  }
  // Lines that are equally late stay as they are.
  lines.sort((a, b) => a.written - b.written)
  return { text: lines.map(({ text }) => text).join(''), begin, end }
}

function lineOf(random: () => number, end: number, stampsOnly: boolean): string {
  const dice = random()
  const stamp = `${bsdStamp(end)} lb1 haproxy[7]: `
  if (dice < 0.02) return `${stamp}Server be/s${Math.floor(random() * 9)} is DOWN, reason: Layer4 timeout\n`
  if (dice < 0.03) return `neither stamp nor transfer ${random()}\n`
  const [client, bytes] = [`192.0.2.${Math.floor(random() * 250)}:4711`, Math.floor(random() * 1e6)]
  const names = `fe${Math.floor(random() * 4)} be/s${Math.floor(random() * 9)}`
  const request = `"GET /${'x'.repeat(Math.floor(random() * 5000))} HTTP/1.1"`
  if (stampsOnly) return `${stamp}${client} ${names} 200 ${bytes} ---- ${request}\n`
  const took = Math.floor(random() ** 8 * 3_600_000)
  const accepted = haproxyDate(end - took)
  if (dice < 0.05) return `${stamp}${client} [${accepted}] ${names} 0/0/${took} ${bytes} -- 1/1/0/0/0 0/0\n`
  const cut = dice < 0.06 ? 60 + Math.floor(random() * 40) : Number.POSITIVE_INFINITY
  const line = `${stamp}${client} [${accepted}] ${names} 0/0/0/1/${took} 200 ${bytes} - - ---- 1/1/0/0/0 0/0 ${request}`
  return `${line.slice(0, cut)}\n`
}
