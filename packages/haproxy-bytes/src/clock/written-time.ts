const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A moment as it is written: in its own zone where it names one, else in one that only the reader knows. */
export interface WrittenTime {
  /** As if it were UTC, milliseconds since 1970. */
  readonly local: number
  /** Minutes east of UTC. */
  readonly offset?: number
  /** Undefined where the stamp has no year: `local` then stands in 1970, or 1972 for the 29th of February. */
  readonly year?: number
}

const HAPROXY =
  /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?(?: ([+-])(\d\d)(\d\d))?$/
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:(Z)|([+-])(\d\d):?(\d\d))?$/
const BSD = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)$/

/** `%t`, `%tr`, `%T` and the like. */
export function readHaproxyDate(text: string): WrittenTime | undefined {
  const parts = HAPROXY.exec(text)
  if (!parts) return undefined
  const [, day, month, year, hour, minute, second, millisecond = '0', sign, hours, minutes] = parts
  const number = MONTHS.indexOf(month as string)
  return written(
    Number(year),
    number,
    Number(day),
    [hour, minute, second],
    Number(millisecond),
    sign,
    hours,
    minutes,
  )
}

export function readIsoStamp(text: string): WrittenTime | undefined {
  const parts = ISO.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, fraction = '0', zulu, sign, hours, minutes] = parts
  const ms = Math.floor(Number(`0.${fraction}`) * 1000)
  const zone = zulu ? (['+', '00', '00'] as const) : ([sign, hours, minutes] as const)
  return written(Number(year), Number(month) - 1, Number(day), [hour, minute, second], ms, ...zone)
}

/** `Nov 21 11:34:52`: a leap day needs a leap year to exist at all. */
export function readBsdStamp(text: string): WrittenTime | undefined {
  const parts = BSD.exec(text)
  if (!parts) return undefined
  const [, name, day, hour, minute, second] = parts
  const month = MONTHS.indexOf(name as string)
  const time = written(1972, month, Number(day), [hour, minute, second], 0)
  return time && { local: time.local }
}

function written(
  year: number,
  month: number,
  day: number,
  [hour, minute, second]: readonly (string | undefined)[],
  ms: number,
  sign?: string,
  hours = '0',
  minutes = '0',
): WrittenTime | undefined {
  if (month < 0 || month > 11 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60)
    return undefined
  const local = Date.UTC(year, month, day, Number(hour), Number(minute), Number(second), ms)
  if (new Date(Date.UTC(year, month, day)).getUTCDate() !== day) return undefined
  if (sign === undefined) return { local, year }
  return { local, year, offset: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) }
}
