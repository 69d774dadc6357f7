import { LOSS_PLACES, type LossPlace } from '../loss/index.ts'
import { LogNotes, UNREAD_REASONS, type UnreadReason } from '../notes/index.ts'
import { asCount, asList, asObject, asText, demand, isCount } from './checked.ts'

/** Notes as they stand in a row. */
export function notesRow({ unread, losses, counters }: LogNotes): object {
  return {
    unread: unread.entries().map(([reason, { lines, samples }]) => [reason, lines, samples]),
    losses: losses.entries().map(([place, { lines, begins, reports }]) => [place, lines, begins, reports]),
    counters: counters
      .entries()
      .map(([{ host, pid, frontend }, intervals]) => [host, pid, frontend, intervals]),
  }
}

/** @throws PartialError */
export function readNotes(value: unknown): LogNotes {
  const row = asObject(value)
  const notes = new LogNotes()
  for (const entry of asList(row.unread)) {
    const [reason, lines, samples] = asList(entry)
    demand(UNREAD_REASONS.includes(reason as UnreadReason))
    notes.unread.merge(reason as UnreadReason, {
      lines: asCount(lines),
      samples: asList(samples).map(readSample),
    })
  }
  for (const entry of asList(row.losses)) {
    const [place, lines, begins, reports] = asList(entry)
    demand(LOSS_PLACES.includes(place as LossPlace))
    notes.losses.merge(place as LossPlace, {
      lines: asCount(lines),
      begins: asCount(begins),
      reports: asCount(reports),
    })
  }
  for (const entry of asList(row.counters)) {
    const [host, pid, frontend, intervals] = asList(entry)
    const key = {
      host: host === null ? null : asText(host),
      pid: pid === null ? null : asCount(pid),
      frontend: asText(frontend),
    }
    notes.counters.merge(key, asList(intervals).map(readInterval))
  }
  return notes
}

function readSample(value: unknown): { at: number; text: string } {
  const { at, text } = asObject(value)
  return { at: asCount(at), text: asText(text) }
}

function readInterval(value: unknown): readonly [first: number, last: number] {
  const [first, last] = asList(value)
  demand(isCount(first) && isCount(last) && first <= last)
  return [first, last]
}
