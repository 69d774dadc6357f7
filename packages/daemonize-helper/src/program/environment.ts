/** By whole names, and by beginnings: what tells of the starter's terminal, session, job or run, and of no other. */
const OF_THE_STARTER = new Set([
  'TERM',
  'TERM_PROGRAM',
  'COLORTERM',
  'TMUX',
  'TMUX_PANE',
  'STY',
  'WINDOW',
  'WINDOWID',
  'OLDPWD',
  'PWD',
  'SHLVL',
  '_',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'NODE_UNIQUE_ID',
  'NOTIFY_SOCKET',
  'WATCHDOG_PID',
  'WATCHDOG_USEC',
  'LISTEN_PID',
  'LISTEN_FDS',
  'LISTEN_FDNAMES',
  'INVOCATION_ID',
  'JOURNAL_STREAM',
])
const PREFIXES_OF_THE_STARTER = ['SSH_', 'SUDO_', 'npm_', 'XDG_SESSION_']

/** The variable by which every process of a daemon is known, however it detached itself: `NAME:NONCE`. */
export const MARK = 'DAEMONIZE_HELPER'

export interface EnvironmentChoice {
  /** The starter's. */
  readonly inherited: Readonly<Record<string, string | undefined>>
  /** Nothing of the starter's but PATH, HOME, USER, LOGNAME, SHELL, LANG and TZ. */
  readonly clear: boolean
  /** Added last, whatever they are. */
  readonly own: readonly (readonly [name: string, value: string])[]
}

const KEPT_WHEN_CLEARED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ']

/** What the daemon gets: daemon(7), step 4. */
export function daemonEnvironment({ inherited, clear, own }: EnvironmentChoice): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined || isOfTheStarter(name)) continue
    if (!clear || KEPT_WHEN_CLEARED.includes(name)) environment[name] = value
  }
  for (const [name, value] of own) environment[name] = value
  return environment
}

function isOfTheStarter(name: string): boolean {
  return (
    name === MARK ||
    OF_THE_STARTER.has(name) ||
    PREFIXES_OF_THE_STARTER.some((prefix) => name.startsWith(prefix))
  )
}
