/**
 * Who says that lines were lost, where on their way: `imuxsock` (unix socket), `imudp`, `imtcp`, `imjournal` of
 * rsyslog, its `queue`, `journald`, `syslog-ng`, the `kernel`'s log buffer, or HAProxy itself, which could not send.
 */
export const LOSS_PLACES = [
  'imuxsock',
  'imudp',
  'imtcp',
  'imjournal',
  'queue',
  'journald',
  'syslog-ng',
  'kernel',
  'haproxy',
] as const
export type LossPlace = (typeof LOSS_PLACES)[number]

/** `begin`: from here on lines are dropped, how many isn't known yet; `lost`: so many were. */
export interface LossReport {
  readonly place: LossPlace
  readonly event: 'begin' | 'lost'
  /** Undefined where only the fact is told. */
  readonly count?: number
  /** The sender's pid, where it is told; over a reload it is another. */
  readonly pid?: number
  readonly program?: string
  /** Of journald: `haproxy.service`. */
  readonly unit?: string
  /** The limit that was hit: messages in so many seconds. */
  readonly limit?: { readonly messages: number; readonly seconds: number }
}

interface Wording {
  readonly pattern: RegExp
  readonly report: (groups: Readonly<Record<string, string | undefined>>) => LossReport | undefined
}

const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)
const place = (text: string | undefined): LossPlace =>
  text === 'imuxsock' || text === 'imtcp' || text === 'imjournal'
    ? text
    : text === 'imptcp'
      ? 'imtcp'
      : 'imudp'

/** Wordings of rsyslog 5 to 8, journald and syslog-ng. Each as logged, some measured on 8.2302 (Debian 12). */
const WORDINGS: readonly Wording[] = [
  {
    // rsyslog 5 to 7: `imuxsock lost 838 messages from pid 4713 due to rate-limiting`
    pattern:
      /\b(?<place>imuxsock) lost (?<count>\d{1,15}) messages from pid (?<pid>\d{1,10}) due to rate-limiting/,
    report: ({ count, pid }) => ({ place: 'imuxsock', event: 'lost', ...values({ count, pid }) }),
  },
  {
    pattern: /\bimuxsock begins to drop messages from pid (?<pid>\d{1,10}) due to rate-limiting/,
    report: ({ pid }) => ({ place: 'imuxsock', event: 'begin', ...values({ pid }) }),
  },
  {
    // rsyslog 8: `imuxsock[pid: 1765, name: haproxy]: 33 messages lost due to rate-limiting (50 allowed within 2 seconds)`
    pattern:
      /\b(?<place>imuxsock|imudp|imtcp|imptcp|imjournal)(?:\[pid: (?<pid>\d{1,10}), name: (?<program>[^\]]{0,255})\]|\([^)]{0,255}\))?: (?<count>\d{1,15}) messages lost due to rate-limiting(?: \((?<messages>\d{1,10}) allowed within (?<seconds>\d{1,10}) seconds\))?/,
    report: ({ place: where, count, pid, program, messages, seconds }) => ({
      place: place(where),
      event: 'lost',
      ...values({ count, pid }),
      ...named({ program }),
      ...(messages !== undefined &&
        seconds !== undefined && { limit: { messages: Number(messages), seconds: Number(seconds) } }),
    }),
  },
  {
    pattern:
      /\b(?<place>imuxsock|imudp|imtcp|imptcp|imjournal)(?:\[pid: (?<pid>\d{1,10}), name: (?<program>[^\]]{0,255})\]|\([^)]{0,255}\))?(?: from <[^>]{0,255}>)?: begin to drop messages due to rate-limiting/,
    report: ({ place: where, pid, program }) => ({
      place: place(where),
      event: 'begin',
      ...values({ pid }),
      ...named({ program }),
    }),
  },
  {
    pattern: /\bqueue (?:nearly )?full \(\d+ entries\), discarded severity \d message/,
    report: () => ({ place: 'queue', event: 'lost', count: 1 }),
  },
  {
    pattern: /: lost (?<count>\d{1,15}) messages from diskqueue/,
    report: ({ count }) => ({ place: 'queue', event: 'lost', ...values({ count }) }),
  },
  {
    // journald: `Suppressed 917 messages from /system.slice/haproxy.service`, newer `from haproxy.service`
    pattern: /\bSuppressed (?<count>\d{1,15}) messages from (?<unit>[^\s,]{1,255})/,
    report: ({ count, unit }) => ({
      place: 'journald',
      event: 'lost',
      ...values({ count }),
      ...named({ unit: unit?.split('/').at(-1) }),
    }),
  },
  {
    pattern: /\bMissed (?<count>\d{1,15}) kernel messages/,
    report: ({ count }) => ({ place: 'kernel', event: 'lost', ...values({ count }) }),
  },
  {
    // HAProxy's own, on its stderr, once: with the socket gone nothing else tells of it (DroppedLogs stays at 0).
    pattern: /\bsendmsg\(\)\/writev\(\) failed in logger #\d+/,
    report: () => ({ place: 'haproxy', event: 'begin' }),
  },
  {
    pattern: /\bLog statistics;.*\bdropped='[^']{0,500}=(?<count>\d{1,15})'/,
    report: ({ count }) =>
      count === '0' ? undefined : { place: 'syslog-ng', event: 'lost', ...values({ count }) },
  },
]

/** Reads the text of one line, without its stamp or with it. Undefined where it reports no loss. */
export function readLossReport(text: string): LossReport | undefined {
  for (const { pattern, report } of WORDINGS) {
    const match = pattern.exec(text)
    if (match) return report(match.groups ?? {})
  }
  return undefined
}

function values(texts: { count?: string | undefined; pid?: string | undefined }): {
  count?: number
  pid?: number
} {
  const [count, pid] = [number(texts.count), number(texts.pid)]
  return { ...(count !== undefined && { count }), ...(pid !== undefined && { pid }) }
}

function named(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
