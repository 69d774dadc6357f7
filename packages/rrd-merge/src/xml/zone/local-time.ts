import type { Zone } from './types.ts'

const two = (n: number): string => (n < 10 ? `0${n}` : String(n))

/**
 * Times as rrdtool's comments show them: "2023-11-14 23:13:20 CET" (strftime's %Y-%m-%d %H:%M:%S %Z).
 * Keeps the last period and day, since a dump asks for one row after the other.
 */
export const localTimeFormatter = (zone: Zone): ((time: number) => string) => {
  let period = zone(0)
  let day = Number.NaN
  let date = ''
  return (time) => {
    if (!(time >= period.start && time < period.end)) period = zone(time)
    const local = time + period.offset
    const days = Math.floor(local / 86400)
    if (days !== day) {
      const utc = new Date(days * 86_400_000)
      day = days
      date = `${utc.getUTCFullYear()}-${two(utc.getUTCMonth() + 1)}-${two(utc.getUTCDate())}`
    }
    const second = local - days * 86400
    const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
    return `${date} ${clock} ${period.abbreviation}`
  }
}
