import type { Envelope } from '../envelope/index.ts'
import { isDaemons } from './daemon-message.ts'
import { latin1 } from './values.ts'

/**
 * What a line is that tells of no transfer: `error`: of HAProxy's error log (a handshake, a PROXY header); `event`:
 * HAProxy's own (a start, a server that went down); `foreign`: another program's; `bare`: a connection logged without
 * any format, so without bytes.
 */
export type OtherKind = 'error' | 'event' | 'foreign' | 'bare' | 'blank'

/** `IP:PORT [DATE] FRONTEND/LISTENER: what went wrong`, the default error log. */
const ERROR_LOG = /^\S+:\d+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]{12}\] [^\s/]+\/\S+: /
/** No format option at all: no bytes in it. */
const BARE = /^Connect (?:from \S+:\d+ )?to \S+:\d+ \([^\s/]+\/(?:HTTP|TCP)\)$/
/** Of src/proxy.c, src/server.c, src/check.c, src/haproxy.c; the words have been the same since 1.4. */
const EVENTS = [
  /^Proxy \S+ (?:started|stopped|disabled|reached|enabled)\b/,
  /^(?:Pausing|Stopping|Stopped|Enabling|Resuming|Starting) (?:proxy|frontend|backend|listener|all|stats|GLOBAL|\S+ )/i,
  /^(?:Server|Backup Server) \S+ (?:is|was|enters|remains|has|administratively)\b/,
  /^Backup [Ss]erver \S+ /,
  /^(?:Health|Agent) check for (?:backup )?server \S+/,
  /^(?:backend|proxy|listen|frontend) \S+ has no server available/i,
  /^(?:Proxy|Server|Backend|Frontend) [\w.:\-/]+[: ]/,
  /^\[(?:WARNING|NOTICE|ALERT|INFO)\]/,
  /^(?:Connect|SSL|Loading|New worker|Reexecuting|Current worker|Exiting Master|Former worker)/,
  /^(?:process|thread) \d+ /,
]

/** Undefined for a line of which nothing is known. */
export function otherKind(
  bytes: Uint8Array,
  { starts, stampKind }: Envelope,
  from: number,
  to: number,
): OtherKind | undefined {
  const first = starts[0] as number
  for (const start of starts) {
    const text = latin1(bytes, start, Math.min(to, start + 400))
    if (BARE.test(text)) return 'bare'
    if (ERROR_LOG.test(text)) return 'error'
    if (EVENTS.some((event) => event.test(text))) return 'event'
    if (text.trim() === '') return 'blank'
    if (isDaemons(bytes, from, start, text)) return 'foreign'
  }
  const tag =
    stampKind === 'none'
      ? undefined
      : /(\S+?)(?:\[\d+\])?:? +$/.exec(latin1(bytes, Math.max(0, first - 80), first))?.[1]
  if (tag !== undefined && first > 0 && latin1(bytes, first - 2, first) === ': ' && !/^haproxy/.test(tag))
    return 'foreign'
  return undefined
}
