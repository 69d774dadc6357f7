/** How a daemon shows that it is ready: the choices of `--ready`. */
export type ReadyCheck =
  /** Executed, and still there after the settling time. */
  | { readonly by: 'none' }
  /** It writes a line to this descriptor (as s6 has it). */
  | { readonly by: 'fd'; readonly fd: number }
  /** It, or a process of its session, listens there. Without a host: on any address. */
  | { readonly by: 'port'; readonly host?: string; readonly port: number }
  | { readonly by: 'unix'; readonly path: string }
  /** A line of its log matches. */
  | { readonly by: 'log'; readonly pattern: string }
  /** The file is there, and newer than the start. */
  | { readonly by: 'file'; readonly path: string }

/** The descriptor that `fd` alone means. */
export const READY_FD = 3

/**
 * `none`, `fd`, `fd:N`, `port:P`, `port:HOST:P`, `port:[V6]:P`, `unix:PATH`, `log:REGEX` or `file:PATH`.
 *
 * @returns undefined where it is none of these
 */
export function parseReadyCheck(text: string): ReadyCheck | undefined {
  const at = text.indexOf(':')
  const [kind, rest] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  if (at < 0) {
    if (kind === 'none') return { by: 'none' }
    return kind === 'fd' ? { by: 'fd', fd: READY_FD } : undefined
  }
  if (rest === '') return undefined
  switch (kind) {
    case 'fd':
      return /^\d{1,4}$/.test(rest) && Number(rest) > 2 && Number(rest) < 1024
        ? { by: 'fd', fd: Number(rest) }
        : undefined
    case 'port':
      return portCheck(rest)
    case 'unix':
      return { by: 'unix', path: rest }
    case 'file':
      return { by: 'file', path: rest }
    case 'log':
      return isPattern(rest) ? { by: 'log', pattern: rest } : undefined
    default:
      return undefined
  }
}

function portCheck(text: string): ReadyCheck | undefined {
  const [, host, digits] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (!(port > 0 && port < 65_536)) return undefined
  return host === undefined
    ? { by: 'port', port }
    : { by: 'port', host: host.replace(/^\[(.*)\]$/, '$1'), port }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'm')
    return true
  } catch {
    return false
  }
}

/** As it is given on the command line. */
export function readyCheckText(check: ReadyCheck): string {
  switch (check.by) {
    case 'none':
      return 'none'
    case 'fd':
      return `fd:${check.fd}`
    case 'port':
      return check.host === undefined ? `port:${check.port}` : `port:${hostText(check.host)}:${check.port}`
    case 'log':
      return `log:${check.pattern}`
    default:
      return `${check.by}:${check.path}`
  }
}

const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host)
