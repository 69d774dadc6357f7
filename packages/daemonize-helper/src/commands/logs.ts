import { StringDecoder } from 'node:string_decoder'
import type { CommandContext } from '@nightshift/tooling/command-line'
import { escapeLines } from '@nightshift/tooling/terminal'
import { DaemonError } from '../errors.ts'
import { liveness } from '../identity/index.ts'
import { follow, LogTail } from '../logs/index.ts'
import { EXIT } from '../report/exit-code.ts'
import { findDaemon } from '../state/index.ts'
import { noSuchName } from './known-daemon.ts'
import type { LogsOptions } from './look.options.ts'
import { namedFiles } from './name-operand.ts'

/** `daemonize-helper logs [-f] NAME`: bytes as they are into a pipe, made harmless on a terminal. */
export async function run(
  { out, stdout, signal }: CommandContext,
  operands: readonly string[],
  { stateDir, lines, follow: goesOn }: LogsOptions,
): Promise<number> {
  const files = namedFiles(operands, stateDir)
  const daemon = findDaemon(files)
  if (daemon === undefined) throw noSuchName(files.name)
  const paths = [...new Set(Object.values(daemon.beginning.logs))].filter((path) => path !== '/dev/null')
  if (paths.length === 0) {
    throw new DaemonError('NO_LOG', `${files.name}: keeps no log`, {
      remedy: 'start it with --stdout FILE and --stderr FILE',
    })
  }
  const logs = paths.map((path) => new LogTail(path))
  const text = new StringDecoder('utf8')
  const show = (bytes: Buffer): Promise<void> =>
    out.write(stdout.isTerminal ? escapeLines(text.write(bytes)) : bytes)
  try {
    for (const log of logs) await show(log.last(lines))
    if (goesOn !== true) return EXIT.ok
    const isOver = (): boolean => liveness(daemon.identity) !== 'alive'
    for await (const bytes of follow(logs, isOver, signal)) await show(bytes)
    return EXIT.ok
  } finally {
    for (const log of logs) log[Symbol.dispose]()
  }
}
