import type { LogPart } from '../scan/index.ts'
import type { Unit } from './messages.ts'

/** Of a plain log a thread reads so much in the time in which it starts (40 ms). */
const WORTH_A_THREAD = 1 << 26
/** Compressed it is more work. */
const WORTH_A_THREAD_COMPRESSED = 1 << 22

/**
 * What threads do: a plain log is cut into as many parts as there are threads, where they are large enough, a compressed
 * one is done by one. None where a log is a pipe, or all are too small.
 */
export function unitsOf(logs: readonly LogPart[], threads: number): Unit[] {
  const units = logs.flatMap(({ log, piece }): Unit[] => {
    const { path, compression, modified, file } = log
    if (!file) return []
    const unit = { path, compression, modified, length: file.length, descriptor: file.handle.fd }
    if (compression !== 'none') return [unit]
    const { from, to } = piece ?? { from: 0, to: file.length }
    const parts = Math.max(1, Math.min(threads, Math.floor((to - from) / WORTH_A_THREAD)))
    const cut = (part: number): number => from + Math.floor(((to - from) * part) / parts)
    if (parts === 1) return [{ ...unit, ...(piece && { piece }) }]
    return Array.from({ length: parts }, (_, part) => ({
      ...unit,
      piece: { from: cut(part), to: cut(part + 1) },
    }))
  })
  const work = units.reduce((sum, unit) => sum + workOf(unit), 0)
  return logs.every(({ log }) => log.file) && work >= 2 ? units : []
}

/** In starts of a thread. */
function workOf({ compression, piece, length }: Unit): number {
  if (compression !== 'none') return length / WORTH_A_THREAD_COMPRESSED
  return (piece ? piece.to - piece.from : length) / WORTH_A_THREAD
}
