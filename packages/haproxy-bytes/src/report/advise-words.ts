import { escapeText } from '@nightshift/tooling/terminal'
import type { AdviceCode, AdviceFinding } from '../advise/index.ts'

type Fields = Readonly<Record<string, string>>

/** The one text of each code. */
const TEXTS: Readonly<Record<AdviceCode, (fields: Fields) => string>> = {
  logasap: () => 'option logasap logs a transfer when it begins: its bytes are those so far. It is taken out',
  'dontlog-normal': () =>
    'option dontlog-normal leaves out all that went well: nothing can be billed by such a log. It is taken out',
  dontlognull: () =>
    'option dontlognull leaves out connections without data: they are in the counters, with 0 bytes, and in no line',
  silent: () => 'set-log-level silent: these requests are in no line, but in the counters',
  sampling: ({ sample }) =>
    `sample ${sample}: this target gets a part of the lines; gaps of %lc are wanted there`,
  compression: () =>
    '%B is counted before compression and tells nothing of what was sent: bounds come from comp_out of the counters (snapshot), from 3.3 on from res.bytes_out',
  'bytes-after-text': () =>
    '%B stands behind text that clients write: where a line is cut, it is lost. It is written before, too',
  'bytes-last': () =>
    '%B ends the line: of a line that is cut within it a smaller number is left, and nothing shows that. Other items come behind it',
  'log-length': ({ given, length }) =>
    `lines are cut at ${given} bytes (len): ${length} hold any of this configuration`,
  'udp-target': ({ target }) =>
    `log over UDP to ${target}: what the network, the kernel or a full buffer drops is told nowhere. A unix socket counts it (DroppedLogs), %lc shows it`,
  'ring-target': ({ target, length }) =>
    `${target}: a ring overwrites its oldest lines while its server is slow or away, and cuts lines at its maxlen, which is set to ${length}`,
  'no-log': () => 'nothing is logged: there is no log target. One is put in',
  'no-format': () => 'there is no log format: such lines have no bytes. One is put in',
  'log-profile': ({ profile }) =>
    `log-profile ${profile} replaces the format of this target: put the items of the advised log-format there`,
  'log-disabled': () => '`no log`: it is left so',
  'swapped-counts': ({ version }) =>
    `HAProxy ${version} logs the request for %B and the response for %U: upgrade, nothing can be billed by it`,
  'own-replies-zero': ({ version }) =>
    `HAProxy ${version} logs 0 bytes for replies of its own (errors, redirects, denials)`,
  'no-lengths': ({ version }) =>
    `HAProxy ${version} can't log lengths of headers (2.2 and later): bytes on the wire are bounded only`,
  'zero-copy': ({ version }) =>
    `HAProxy ${version} counts what it forwards without a copy twice in h1_bytes_in and h1_bytes_out: where you read these, put \`tune.disable-zero-copy-forwarding\` into the global section (it costs some speed)`,
  'rules-in-defaults': () =>
    'its rules come before those of its proxies: what measures headers first is put here',
  'unknown-variable': ({ variable }) =>
    `the log format holds \${${variable}}, whose value is not known here: it stays, and what it may lack comes behind it`,
  'not-understood': ({ text }) => `not understood, and left as it is: ${text}`,
  'rate-limit': ({ input, seconds, messages }) =>
    `${input} drops what is beyond ${messages === 'default' ? 'its default number' : messages} of messages in ${seconds === 'default' ? 'its default interval' : `${seconds} s`}: the limit is taken off`,
  'own-messages-hidden': () =>
    'rsyslog does not write its own messages into its files (processInternalMessages): no file tells of lines it dropped',
  'control-characters': () =>
    'control characters are written as they came: a line feed in one makes two lines. They are escaped',
  'message-size': ({ given, length }) =>
    `rsyslog cuts messages at ${given} bytes; HAProxy's lines may have ${length}`,
  'not-synced': () => 'the `-` before the path: the end of the file may be lost in a crash of the machine',
  'queue-discards': ({ setting }) => `${setting}: a full queue throws messages away`,
  'forward-blocks': () =>
    'an action over the network without a queue of its own stops all others while its target is away, and inputs drop: give it queue.type="LinkedList"',
  'no-second-copy': () => 'the line ends here (stop, ~): there is no second copy to hold it against',
  'journald-limit': () =>
    'journald drops beyond 10000 messages in 30 s of a service, where lines go through it (stdout, or /dev/log of systemd)',
  'restart-needed': () => 'restart rsyslog: a reload does not read limits anew',
  'open-stanza': () => 'the closing brace is missing: logrotate refuses the whole file',
  'outside-script': ({ text }) => `a command that stands in no script: ${text}`,
  'reloads-haproxy': () =>
    'HAProxy is reloaded: it does not hold the file, and each reload begins counters and %lc anew',
  'writer-not-signalled': () =>
    'nobody tells the log daemon to open the new file: lines go on into the old one, and are lost once it is compressed',
  copytruncate: () => 'copytruncate: lines that are written between the copy and the cut are lost',
  'no-delaycompress': () =>
    'compress without delaycompress: a daemon that still holds the file writes into nothing',
  'not-compressed': () => 'rotated logs are not compressed',
  'no-schedule': () => 'no daily, weekly, size...: it depends on what other files of logrotate say',
  'no-dateext': () =>
    'without dateext a log has another name after each rotation: hard to keep track of what was billed',
  'no-sharedscripts': () => 'without sharedscripts the log daemon is signalled once for each log',
  'group-only': ({ mode, group }) => `mode ${mode}: to read these logs one must be in the group ${group}`,
  'not-rotated': () => 'no stanza rotates a log of HAProxy',
}

/** What a finding says, in one line; what came from a file is safe to show. */
export function adviceText({ code, fields }: AdviceFinding): string {
  return TEXTS[code](
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, escapeText(String(value))])),
  )
}
