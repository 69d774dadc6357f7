import { escapeText, formatBytes, formatCount } from '@nightshift/tooling/terminal'
import type { FieldValue, Warning, WarningCode } from './warning.ts'

type Fields = Readonly<Record<string, FieldValue | undefined>>

const many = (count: FieldValue | undefined, noun: string): string =>
  `${formatCount(count as number | bigint)} ${noun}${BigInt(count as number | bigint) === 1n ? '' : 's'}`
const were = (count: FieldValue | undefined): string => (count === 1 ? 'was' : 'were')
const shown = (text: FieldValue | undefined): string => escapeText(String(text))
/** The first line as an example; JSON has more of them. */
const example = (samples: FieldValue | undefined): string => {
  const [first] = samples as readonly string[]
  if (first === undefined) return ''
  const text = escapeText(first)
  return `, such as: ${text.length > EXAMPLE ? `${text.slice(0, EXAMPLE)}...` : text}`
}
const EXAMPLE = 120

const UNREAD: Readonly<Record<string, string>> = {
  ambiguous: 'could be read in two ways, and a client may have written what would be counted',
  'no-bytes': 'tell of connections in a format without a byte count',
  'no-time': 'show no time, and a span of time is asked for',
  'too-long': 'are longer than any line of HAProxy',
  unknown: 'fit no format',
}

/** The one text of each code. What came from a log is safe to show. */
const TEXTS: Readonly<Record<WarningCode, (fields: Fields) => string>> = {
  'lines-unread': ({ lines, reason, samples }) =>
    `${many(lines, 'line')} ${UNREAD[String(reason)]}${example(samples)}`,
  'lines-cut': ({ lines, samples }) =>
    `${many(lines, 'line')} ${were(lines)} cut off before the end of the format, and not summed (a syslog limit, or \`len\` of the log line)${example(samples)}`,
  'logged-early': ({ requests, bytesOut }) =>
    `${many(requests, 'transfer')} ${were(requests)} logged before the end (option logasap): ${formatBytes(bytesOut as bigint)} are not all of their bytes`,
  'bytes-in-partly': ({ requests, of }) =>
    `${formatCount(requests as number)} of ${many(of, 'transfer')} have no byte count of the request (%U): bytes in are those of the others`,
  'loss-reported': ({ place, lines, reports }) =>
    `${shown(place)} says in this log that ${many(lines, 'line')} ${were(lines)} lost (${many(reports, 'report')})`,
  'loss-begun': ({ place, begins, reports }) =>
    `${shown(place)} says ${many(begins, 'time')} in this log that it begins to drop lines, and ${many(reports, 'time')} how many`,
  'counter-gap': ({ frontend, pid, host, lines }) =>
    `${many(lines, 'line')} of frontend ${shown(frontend)} ${were(lines)} lost: ${lines === 1 ? 'its number' : 'their numbers'} of %lc ${were(lines)} never seen${pid === null ? '' : ` (pid ${pid})`}${host === null ? '' : ` (host ${shown(host)})`}`,
  'bytes-swapped': ({ requests }) =>
    `this is a log of HAProxy 3.3.0, which logs the request for %B and the response for %U (${many(requests, 'line')} show it): nothing can be billed by it`,
  'own-replies-zero': ({ requests }) =>
    `HAProxy 3.4 logs 0 bytes for replies of its own (${many(requests, 'line')} show it): the sum lacks them`,
  'several-versions': ({ models }) =>
    `lines count in ways of several versions (${(models as readonly string[]).join(', ')}): read the logs of each by themselves`,
  'wire-counters-doubled': () =>
    'from 2.9 on h1_bytes_in and h1_bytes_out count what is forwarded without a copy twice: they were not used (tune.disable-zero-copy-forwarding cures it)',
  'counters-incomparable': ({ why }) =>
    `the snapshots can't be subtracted: ${shown(why)}: they were not used`,
  'counters-beside': ({ requests }) =>
    `${many(requests, 'transfer')} ended outside of the snapshots, which tell nothing of them: they were not used`,
  'log-repeated': ({ pieces }) =>
    `${many(pieces, 'part')} of logs came more than once, and ${were(pieces)} counted once`,
  'log-incomplete': ({ bytes, length }) =>
    `of a log of ${formatBytes(length as number)} ${formatBytes(bytes as number)} are in no partial result: a shard is missing, or the log grew between them`,
}

/** What a warning says, in one line. */
export function warningText({ code, fields }: Warning): string {
  return TEXTS[code](fields)
}
