import { escapeText } from '@nightshift/tooling/terminal'
import type { Warning } from '../findings/index.ts'
import type { Sums } from '../totals/index.ts'
import type { LogNotes } from './log-notes.ts'
import type { Sample } from './unread-lines.ts'

/** What somebody should know who uses these sums. */
export function logWarnings({ requests, withoutBytesIn, partial }: Sums, notes: LogNotes): Warning[] {
  const warnings: Warning[] = []
  for (const [reason, { lines, samples }] of notes.unread.entries()) {
    const fields = { lines, samples: samples.map(shown) }
    warnings.push(
      reason === 'cut'
        ? { code: 'lines-cut', fields }
        : { code: 'lines-unread', fields: { reason, ...fields } },
    )
  }
  if (partial.requests > 0) warnings.push({ code: 'logged-early', fields: { ...partial } })
  if (withoutBytesIn > 0 && withoutBytesIn < requests)
    warnings.push({ code: 'bytes-in-partly', fields: { requests: withoutBytesIn, of: requests } })
  return [...warnings, ...lossWarnings(notes)]
}

function lossWarnings({ losses, counters }: LogNotes): Warning[] {
  const reported = losses
    .entries()
    .flatMap(([place, { lines, begins, reports }]): Warning[] => [
      ...(lines > 0 ? [{ code: 'loss-reported', fields: { place, lines, reports } } as const] : []),
      ...(begins > reports ? [{ code: 'loss-begun', fields: { place, begins, reports } } as const] : []),
    ])
  const gaps = counters.gaps().map((gap): Warning => ({ code: 'counter-gap', fields: { ...gap } }))
  return [...reported, ...gaps]
}

/** JSON keeps control characters of 8 bits as they are, and a terminal may obey them. */
const shown = ({ text }: Sample): string => escapeText(text)
