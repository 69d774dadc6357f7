import { fixedZone, type LocalTimeType, type Zone, type ZonePeriod } from './types.ts'

const DAY = 86400

/** When a rule fires: seconds from the start of a year, local standard or daylight time. */
type Rule = (year: number) => number

const NAME = '([A-Za-z]{3,}|<[A-Za-z0-9+-]+>)'
const TIME = '([+-]?\\d{1,3}(?::\\d{1,2}(?::\\d{1,2})?)?)'
const HEAD = new RegExp(`^${NAME}${TIME}(?:${NAME}${TIME}?)?(?:,(.*))?$`)
const RULE = new RegExp(`^(?:J(\\d{1,3})|M(\\d{1,2})\\.([1-5])\\.([0-6])|(\\d{1,3}))(?:/${TIME})?$`)

const seconds = (text: string): number => {
  const negative = text.startsWith('-')
  const [h = 0, m = 0, s = 0] = text.replace(/^[+-]/, '').split(':').map(Number)
  return (negative ? -1 : 1) * (h * 3600 + m * 60 + s)
}

const bare = (name: string): string => name.replace(/[<>]/g, '')

const yearStart = (year: number): number => Date.UTC(year, 0, 1) / 1000

const isLeap = (year: number): boolean => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1

const parseRule = (text: string): Rule | undefined => {
  const match = RULE.exec(text)
  if (!match) return undefined
  const [, julian, month, week, weekday, day, time] = match
  const at = time === undefined ? 7200 : seconds(time)
  if (julian !== undefined) {
    // Jn never counts 29 February.
    return (year) => (Number(julian) - 1 + (isLeap(year) && Number(julian) >= 60 ? 1 : 0)) * DAY + at
  }
  if (day !== undefined) return () => Number(day) * DAY + at
  return (year) => {
    const first = new Date(Date.UTC(year, Number(month) - 1, 1))
    const days = new Date(Date.UTC(year, Number(month), 0)).getUTCDate()
    let date = 1 + ((Number(weekday) - first.getUTCDay() + 7) % 7) + (Number(week) - 1) * 7
    while (date > days) date -= 7
    return Date.UTC(year, Number(month) - 1, date) / 1000 - yearStart(year) + at
  }
}

/** Two rules a year: in each, daylight time lies between the two, or outside them in the south. */
const ruledZone = (standard: LocalTimeType, daylight: LocalTimeType, begin: Rule, end: Rule): Zone => {
  const startsIn = (year: number): ZonePeriod[] => {
    const on = yearStart(year) + begin(year) - standard.offset
    const off = yearStart(year) + end(year) - daylight.offset
    return [
      { ...daylight, start: on, end: off },
      { ...standard, start: off, end: on },
    ]
  }
  const at = (time: number): ZonePeriod => {
    const year = new Date(time * 1000).getUTCFullYear()
    const starts = [year - 1, year, year + 1].flatMap(startsIn).sort((a, b) => a.start - b.start)
    const next = starts.findIndex((period) => period.start > time)
    const current = starts[next - 1] as ZonePeriod
    return { ...current, end: (starts[next] as ZonePeriod).start }
  }
  // glibc knows no year before 1970: what holds at its beginning held always.
  return (time) => (time < 0 ? { ...at(0), start: Number.NEGATIVE_INFINITY } : at(time))
}

/**
 * A zone from a POSIX TZ string such as "CET-1CEST,M3.5.0,M10.5.0/3": what TZ itself may hold, and what ends a
 * TZif file for the years after its last transition.
 *
 * @returns undefined where the text is none
 */
export const posixZone = (text: string): Zone | undefined => {
  const match = HEAD.exec(text)
  if (!match) return undefined
  const [, name = '', west = '0', dstName, dstWest, rules] = match
  const standard = { offset: -seconds(west), abbreviation: bare(name) }
  if (dstName === undefined) return fixedZone(standard.offset, standard.abbreviation)
  const offset = dstWest === undefined ? standard.offset + 3600 : -seconds(dstWest)
  const daylight = { offset, abbreviation: bare(dstName) }
  // Without rules POSIX leaves them open; glibc takes the American ones.
  const [beginText, endText] = (rules ?? 'M3.2.0,M11.1.0').split(',')
  const begin = parseRule(beginText ?? '')
  const end = parseRule(endText ?? '')
  return begin && end ? ruledZone(standard, daylight, begin, end) : undefined
}
