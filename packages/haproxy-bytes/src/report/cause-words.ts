import type { CauseCode, IncomparableReason } from '../reconcile/index.ts'

/** The one text of each cause, in a few words. */
export const CAUSE_WORDS: Readonly<Record<CauseCode, string>> = {
  logged: 'counted in the log',
  syntax: 'start lines and headers as written',
  rewritten: 'headers and cookies added, changed, deleted',
  'no-content': 'lengths that a 204 may not have',
  reason: 'reason phrases set by rules',
  connection: 'Connection headers of HAProxy',
  framing: 'chunk framing',
  interim: 'interim responses',
  'own-reply': 'replies of HAProxy that %B does not hold',
  replaced: 'responses that HAProxy dropped for its own',
  missing: 'transfers broken off',
  unread: 'requests not read to their end, or lines that could not be read',
  'proxy-header': 'PROXY headers',
  frames: 'frames of HTTP/2 and HTTP/3',
  compression: 'compression',
  lost: 'lines lost',
  partial: 'logged before the end (option logasap)',
  'not-logged': 'not logged, by the configuration or for want of a log',
  monitor: 'answers to monitor-uri, never logged',
  'in-flight': 'under way at a snapshot',
  'no-server': 'replies that reached no backend',
  'other-process': 'lines of another process',
  repeated: 'lines that the log has twice',
  'lost-overhead': 'what lost lines had on the wire beside their count',
  'client-connection': 'what clients asked of connections, which no field shows',
  tls: 'TLS records and handshakes',
  'not-counted': 'transfers that no field measures',
  unexplained: 'unexplained',
}

/** Why counters and log can't be held against each other. */
export const INCOMPARABLE_WORDS: Readonly<Record<IncomparableReason, string>> = {
  'other-process':
    'the two snapshots are of different processes: a reload or restart lies between them, at which counters begin anew',
  decreased: 'a counter went down between the snapshots: counters were cleared, or another process answered',
  order: 'the earlier snapshot was taken after the later one',
  'not-covered':
    'the log begins later than the process: name its older logs too, or a snapshot from before it with --before',
  'no-start':
    'the counters do not say since when they count: give --before too, or `show info` beside `show stat`',
  'no-counters': 'the snapshots have no such proxy: are they of the HAProxy that wrote this log?',
  'one-snapshot':
    'the same snapshot is the nearest on both sides: nothing was counted between; take one before and one after',
  swapped: 'HAProxy 3.3.0 logs the request for %B and the response for %U: nothing can be billed by this log',
  'own-replies-zero':
    'HAProxy logged 0 bytes for replies of its own (3.4): a log and counters that agree still lack them',
  logasap: 'transfers were logged before their end (option logasap): their bytes are not all',
}
