import { basename, dirname } from 'node:path'

/** A name that logrotate, svlogd or a cron job gives: `haproxy.log.2.gz`, `haproxy.log-20261120`, `haproxy-2026-11-20.log`. */
const ROTATED =
  /^(.+?)(?:[.-](\d{1,4}|\d{8}(?:-?\d{2,10})?|\d{4}-\d\d-\d\d(?:[-_T]?\d\d(?:-?\d\d){0,2})?))?(\.log)?$/
const COMPRESSED = /\.(?:gz|zst|zstd|Z)$/

interface RotatedName {
  /** Names of the same log, whatever was rotated: `haproxy.log` with its folder. */
  readonly series: string
  /** Of `.2`. */
  readonly number?: number
  /** Of `-20261120`, digits alone. */
  readonly date?: string
}

export function readRotatedName(path: string): RotatedName {
  const [, base = '', mark, extension = ''] = ROTATED.exec(basename(path).replace(COMPRESSED, '')) ?? []
  const series = `${dirname(path)}/${base}${extension}`
  if (mark === undefined) return { series }
  return mark.length <= 4 ? { series, number: Number(mark) } : { series, date: mark.replace(/\D/g, '') }
}

export interface Named {
  readonly path: string
  /** ms of UTC */
  readonly modified: number
}

/**
 * Logs in the order in which they were written: of a series the highest number first, dates in their order, and the log
 * that is being written last. Series stay in the order of their first log.
 */
export function inOrderOfTime<Log extends Named>(logs: readonly Log[]): Log[] {
  const named = logs.map((log) => ({ log, ...readRotatedName(log.path) }))
  const first = new Map<string, number>()
  for (const [place, { series }] of named.entries()) if (!first.has(series)) first.set(series, place)
  const place = (series: string): number => first.get(series) as number
  return named.sort((a, b) => place(a.series) - place(b.series) || compare(a, b)).map(({ log }) => log)
}

function compare(a: RotatedName & { readonly log: Named }, b: RotatedName & { readonly log: Named }): number {
  const isLive = ({ number, date }: RotatedName): number =>
    number === undefined && date === undefined ? 1 : 0
  if (isLive(a) || isLive(b)) return isLive(a) - isLive(b)
  if (a.number !== undefined && b.number !== undefined) return b.number - a.number
  if (a.date !== undefined && b.date !== undefined) return a.date < b.date ? -1 : a.date > b.date ? 1 : 0
  // Numbers and dates, where the way of rotating was changed.
  return a.log.modified - b.log.modified
}

/** Of each series the log that is written last, of logs in the order of time. */
export function lastOfSeries<Log extends Named>(logs: readonly Log[]): Log[] {
  return [...new Map(logs.map((log) => [readRotatedName(log.path).series, log])).values()]
}
