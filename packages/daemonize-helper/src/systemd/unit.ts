import type { StartPlan } from '../plan/index.ts'

/** Whose manager the unit is for: it says what it is wanted by. */
export type UnitScope = 'system' | 'user'

/**
 * A unit that starts the same command in the same way: systemd.service(5), systemd.exec(5), systemd.kill(5). An init system
 * that holds its processes in a cgroup loses none of them, and starts them after a boot.
 */
export function unitText({ beginning, program }: StartPlan, scope: UnitScope): string {
  const { name, command, cwd, logs, stop, how } = beginning
  const [, ...args] = command
  const lines = [
    '[Unit]',
    `Description=${specifiersEscaped(printable(name))}`,
    'After=network.target',
    '',
    '[Service]',
    // As a start of the tool: done when the command was executed, and not only forked for.
    'Type=exec',
    `ExecStart=${[program, ...args].map(argument).join(' ')}`,
    `WorkingDirectory=${specifiersEscaped(cwd)}`,
    `UMask=${how.umask.toString(8).padStart(4, '0')}`,
    ...how.environment.own.map(([key, value]) => `Environment=${quoted(`${key}=${value}`)}`),
    `StandardOutput=${logTarget(logs.stdout)}`,
    `StandardError=${logTarget(logs.stderr)}`,
    `KillSignal=${stop.signal}`,
    `TimeoutStopSec=${stop.timeoutMs}ms`,
    '',
    '[Install]',
    `WantedBy=${scope === 'system' ? 'multi-user.target' : 'default.target'}`,
  ]
  return `${lines.join('\n')}\n`
}

function logTarget(path: string): string {
  return path === '/dev/null' ? 'null' : `append:${specifiersEscaped(path)}`
}

/** A word of ExecStart=: there `$` names a variable, and a lone `;` parts commands. */
function argument(word: string): string {
  return quoted(word).replaceAll('$', '$$$$')
}

/** systemd.syntax(7), "Quoting": C escapes inside of double quotes. */
function quoted(word: string): string {
  const escaped = specifiersEscaped(word).replace(
    /["\\]|\p{Cc}/gu,
    (character) => NAMED[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`
}

const NAMED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
}

/** `%` introduces a specifier everywhere in a unit. */
const specifiersEscaped = (text: string): string => text.replaceAll('%', '%%')

const printable = (text: string): string => text.replace(/\p{Cc}/gu, ' ')
