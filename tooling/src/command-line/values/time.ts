import { InvalidArgumentError } from '@commander-js/extra-typings'
import { parseDuration } from './duration.ts'

interface TimeRules {
  /** The moment that `now` means, in seconds since 1970. Default: this one. */
  readonly now?: () => number
  /**
   * Turns a local time that names no zone, given as if it were UTC in seconds since 1970, into the instant it means.
   * Default: it is UTC.
   */
  readonly local?: (seconds: number) => number
}

const form = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/

/**
 * A moment, in seconds since 1970 (UTC), with a fraction where one is written; undefined where it is none:
 * `1700000000`, `@1700000000`, `2024-05-01T12:00:00Z`, `2024-05-01 12:00+02:00`, `2024-05-01` (midnight), `now`,
 * `now-2d`. A plain number below 10^8 is refused: it looks like a date written together (20240501), write `@N`.
 */
export function parseTime(
  text: string,
  { now = () => Date.now() / 1000, local = (s) => s }: TimeRules = {},
): number | undefined {
  const relative = /^now(?:([+-])(.+))?$/.exec(text)
  if (relative) {
    if (relative[1] === undefined) return now()
    const shift = parseDuration(relative[2] ?? '')
    return shift === undefined ? undefined : now() + (relative[1] === '-' ? -shift : shift) / 1000
  }
  if (/^@-?\d+(\.\d+)?$/.test(text)) return Number(text.slice(1))
  if (/^\d{9,12}(\.\d+)?$/.test(text)) return Number(text)
  const match = form.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [y, mo, d, h, mi, s] = parts
  const seconds = Date.UTC(y, mo - 1, d, h, mi, s) / 1000
  const back = new Date(seconds * 1000)
  // Date.UTC rolls 31 April over to 1 May: what does not come back as it was written is no date.
  if (back.getUTCMonth() !== mo - 1 || back.getUTCDate() !== d || h > 23 || mi > 59 || s > 59)
    return undefined
  const exact = seconds + Number(`0${fraction}`)
  return zone === undefined ? local(exact) : exact - zoneSeconds(zone)
}

/** A moment as an option's value. A time without zone is UTC. */
export function time(text: string): number {
  const seconds = parseTime(text)
  if (seconds === undefined) {
    throw new InvalidArgumentError(
      'it must be a time such as 2024-05-01, 2024-05-01T12:00:00Z, @1714564800 (seconds since 1970), now or now-2d.',
    )
  }
  return seconds
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z') return 0
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? []
  const offset = Number(hours) * 3600 + Number(minutes) * 60
  return sign === '-' ? -offset : offset
}
