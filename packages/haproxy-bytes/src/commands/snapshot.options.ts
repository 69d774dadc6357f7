import {
  type BareCommand,
  duration,
  file,
  integer,
  Option,
  type OptionsOf,
} from '@nightshift/tooling/command-line'
import { statsSocket } from './stats-socket.ts'

export const addSnapshotOptions = (command: BareCommand) =>
  command
    .addOption(
      new Option('--socket <address>', 'a stats socket of HAProxy: /run/haproxy/admin.sock, 127.0.0.1:9999')
        .argParser(statsSocket)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('-o, --output <file>', 'where a line is appended for each snapshot')
        .argParser(file)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--every <duration>', 'take one again and again, until stopped: 60s').argParser(
        duration({ in: 'ms' }),
      ),
    )
    .addOption(new Option('--count <n>', 'with --every: end after so many').argParser(integer({ min: 1 })))
    .addOption(
      new Option('--timeout <duration>', 'how long HAProxy may take to answer')
        .argParser(duration({ in: 'ms' }))
        .default(10_000, '10s'),
    )

export type SnapshotOptions = OptionsOf<typeof addSnapshotOptions>
