import { formatShare as formatPart } from '@nightshift/tooling/terminal'

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400
const YEAR = 365.25 * DAY

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** JavaScript's dates end here; a crafted file may say more. */
const LAST_DATE = 8.64e12

/** `1h`, `30m`, `90s`, `1d12h`: exact, at most as many units as needed. For spans and steps. */
export function formatSpan(seconds: number): string {
  let rest = seconds
  let text = ''
  for (const [unit, letter] of [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'm'],
  ] as const) {
    const count = Math.floor(rest / unit)
    if (count > 0) text += `${count}${letter}`
    rest -= count * unit
  }
  return rest > 0 || text === '' ? `${text}${rest}s` : text
}

/** `90d`, `4y`, `2d`, `36h`: a length of history, rounded to what tells archives apart. */
export function formatLength(seconds: number): string {
  if (seconds >= 2 * YEAR) return `${rounded(seconds / YEAR)}y`
  if (seconds >= 2 * DAY) return `${rounded(seconds / DAY)}d`
  if (seconds >= 2 * HOUR) return `${rounded(seconds / HOUR)}h`
  return seconds >= 2 * MINUTE ? `${rounded(seconds / MINUTE)}m` : `${seconds}s`
}

function rounded(value: number): string {
  return String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))
}

/** A share from 0 to 1 in percent; 100 % only when all is known, 0 % only when nothing is. */
export function formatShare(share: number): string {
  return formatPart(share, 1)
}

/** `2026-03-12 04:00` in the time zone of this process (TZ); seconds only where they aren't 0. */
export function formatTime(time: number): string {
  if (Math.abs(time) > LAST_DATE) return `@${time}`
  const date = new Date(time * 1000)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(date)}`
}

/** `12 Mar 04:00-07:00`, `12 Mar 04:00 - 14 Mar 09:30`; with the year where it isn't that of `now`. */
export function formatRange(from: number, to: number, now: number): string {
  if (Math.abs(from) > LAST_DATE || Math.abs(to) > LAST_DATE) return `@${from} - @${to}`
  const start = new Date(from * 1000)
  const end = new Date(to * 1000)
  const year = Math.abs(now) > LAST_DATE ? Number.NaN : new Date(now * 1000).getFullYear()
  if (day(start, year) === day(end, year)) return `${day(start, year)} ${clock(start)}-${clock(end)}`
  return `${day(start, year)} ${clock(start)} - ${day(end, year)} ${clock(end)}`
}

/** `12 Mar 04:00`, with the year where it isn't that of `now`. */
export function formatMoment(time: number, now: number): string {
  if (Math.abs(time) > LAST_DATE) return `@${time}`
  const year = Math.abs(now) > LAST_DATE ? Number.NaN : new Date(now * 1000).getFullYear()
  const date = new Date(time * 1000)
  return `${day(date, year)} ${clock(date)}`
}

/** A date for an axis, as fine as `resolution` (seconds a column covers) can show. */
export function formatTick(time: number, resolution: number): string {
  if (Math.abs(time) > LAST_DATE) return `@${time}`
  const date = new Date(time * 1000)
  if (resolution >= 4 * DAY) return `${MONTHS[date.getMonth()]} ${date.getFullYear()}`
  if (resolution >= 2 * HOUR) return `${date.getDate()} ${MONTHS[date.getMonth()]}`
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${clock(date)}`
}

/** The time zone in which times are written. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function day(date: Date, year: number): string {
  const short = `${date.getDate()} ${MONTHS[date.getMonth()]}`
  return date.getFullYear() === year ? short : `${short} ${date.getFullYear()}`
}

function clock(date: Date): string {
  const seconds = date.getSeconds()
  return `${two(date.getHours())}:${two(date.getMinutes())}${seconds === 0 ? '' : `:${two(seconds)}`}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
