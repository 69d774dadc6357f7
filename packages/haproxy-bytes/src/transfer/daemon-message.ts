import { type Envelope, readEnvelope } from '../envelope/index.ts'
import { latin1 } from './values.ts'

/** Messages of theirs are believed: what others write, a client may have put there. */
const DAEMONS =
  /(?:^|\s)(?:rsyslogd?[\w.-]*|systemd-journald|journal|syslog-ng|kernel)(?:\[\d+\])?:?(?: \S+ \S+ -)?\s*$/
/** Of HAProxy only what it says of its own log, never a line of a transfer that nobody can read. */
const HAPROXY = /^(?:\[ALERT\]\s+\(\d+\) : )?sendmsg\(\)\/writev\(\) failed in logger #\d/
/** Where a template leaves out who wrote a message, its first word tells. */
const OWN_WORDS =
  /^(?:\[origin software="rsyslogd"|(?:imuxsock|imudp|imtcp|imptcp|imjournal)(?:\b[^ ]* |\[pid: ))/
const COUNTERS = /^Udp: /
const LONGEST = 2048

export interface DaemonMessage {
  readonly text: string
  readonly envelope: Envelope
}

/** The message of a line if a log daemon wrote it, which alone is believed when it tells of a loss. */
export function daemonMessage(bytes: Uint8Array, from: number, to: number): DaemonMessage | undefined {
  const envelope = readEnvelope(bytes, from, to)
  for (const start of envelope.starts) {
    const text = latin1(bytes, start, Math.min(to, start + LONGEST))
    if (isDaemons(bytes, from, start, text)) return { text, envelope }
  }
  return undefined
}

/** @param text the message, which begins at `start` */
export function isDaemons(bytes: Uint8Array, from: number, start: number, text: string): boolean {
  const tag = latin1(bytes, Math.max(from, start - 80), start)
  return DAEMONS.test(tag) || HAPROXY.test(text) || OWN_WORDS.test(text) || COUNTERS.test(text)
}
