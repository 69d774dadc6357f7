const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2026-11-21 10:00:05`, milliseconds only where there are some; in UTC, as everything in a picture. */
export function instantText(instant: number): string {
  return new Date(instant)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '')
}

/** The second end without its day where that is the first one's. */
export function spanText(from: number, until: number): string {
  const [start, end] = [instantText(from), instantText(until)]
  return `${start} to ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end}`
}

/** For a mark of an axis: what changes there. */
export function tickText(date: Date): string {
  const [, month = '', day, time = '', fraction = ''] =
    /(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)\.(\d+)/.exec(date.toISOString()) ?? []
  if (Number(fraction) > 0) return `${time.slice(6)}.${fraction.replace(/0+$/, '')} s`
  const name = MONTHS[Number(month) - 1]
  if (time === '00:00:00') return day === '01' ? `${name} ${date.getUTCFullYear()}` : `${Number(day)} ${name}`
  return time.endsWith(':00') ? time.slice(0, 5) : time
}
