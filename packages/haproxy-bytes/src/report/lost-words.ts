import type { Lacking, LossEvidence, LossReason } from '../loss/index.ts'

/** Who tells of a loss, in a few words. */
export const EVIDENCE_WORDS: Readonly<Record<LossEvidence, string>> = {
  lc: 'numbers of %lc that no line has',
  imuxsock: 'rsyslog, rate limit of the unix socket',
  imudp: 'rsyslog, rate limit of UDP',
  imtcp: 'rsyslog, rate limit of TCP',
  imjournal: 'rsyslog, rate limit of the journal',
  queue: 'rsyslog, full queue',
  journald: 'journald, rate limit',
  'syslog-ng': 'syslog-ng',
  kernel: 'kernel, full UDP buffers',
  haproxy: 'HAProxy, log socket gone',
  'dropped-logs': 'HAProxy, full log socket (DroppedLogs)',
  counters: 'more requests than lines',
  rt: 'numbers of %rt that no line has',
}

/** Why a figure has no better bounds. */
export const REASON_WORDS: Readonly<Record<LossReason, string>> = {
  threads: 'two threads may have written one number',
  'never-told': 'nobody said how much it came to',
  'other-sender': 'no line here is of this pid: it may be another program',
  shared: 'other programs send there too',
  'not-in-counter': '%lc shows no line missing there',
  unlogged: 'requests that are not logged at all count too',
  'several-targets': 'each log target counts what it drops',
  'since-start': 'it may be from before these logs',
  unread: 'lines that arrived and could not be read are among them',
}

/** What would make it exact. */
export const LACKING_WORDS: Readonly<Record<Lacking, string>> = {
  lc: 'log %lc, which numbers the lines of a frontend: `haproxy-bytes advise haproxy.cfg` prints the log-format',
  snapshots: 'give --before and --after, counters from before and after the log: `haproxy-bytes snapshot`',
  reports:
    'give the file in which the log daemon writes its own messages with --syslog or --journal (rsyslog needs global(processInternalMessages="on"))',
}
