import {
  type BareCommand,
  collect,
  file,
  InvalidArgumentError,
  integer,
  Option,
  type OptionsOf,
} from '@nightshift/tooling/command-line'
import { DEFAULT_TOLERANCE, parseTolerance, type Tolerance } from '../reconcile/index.ts'
import { addLogOptions } from './log.options.ts'
import { addLossSources } from './loss-sources.options.ts'
import { haproxyVersion } from './model.options.ts'
import { statsSocket } from './stats-socket.ts'

function tolerance(text: string): Tolerance {
  const value = parseTolerance(text)
  if (value === undefined)
    throw new InvalidArgumentError(
      'it must be bytes, such as 500, or a percentage with its sign, such as 0.1%.',
    )
  return value
}

export const addReconcileOptions = (command: BareCommand) =>
  addLossSources(addLogOptions(command).optionsGroup('What tells of lost lines:'))
    .optionsGroup('What they are held against:')
    .option('--before <file>', 'counters from before the log: of snapshot, or the text of `show stat`', file)
    .option('--after <file>', 'counters from after it', file)
    .addOption(
      new Option('--socket <address>', 'ask this stats socket for the later counters').argParser(statsSocket),
    )
    .option('--metrics <source>', "take them from HAProxy's Prometheus exporter: a URL, or a file")
    .option(
      '--wire <file>',
      'what clients received: CSV with a header, or NDJSON: frontend,bytesOut[,bytesIn]',
      file,
    )
    .addOption(
      new Option('--proxy <name>', 'only this frontend; may be given again').argParser(
        collect((name) => name),
      ),
    )
    .addOption(
      new Option('--haproxy-version <version>', 'whose log it is, where no snapshot says so').argParser(
        haproxyVersion,
      ),
    )
    .optionsGroup('The verdict:')
    .addOption(
      new Option('--tolerance <x>', 'bytes, or a percentage of what the log is held against')
        .argParser(tolerance)
        .default(DEFAULT_TOLERANCE, '0.1%'),
    )
    .addOption(
      new Option('--max-bad <n>', 'lines that may be unreadable or cut off before the exit is 3')
        .argParser(integer({ min: 0 }))
        .default(0),
    )
    .option('--junit <file>', 'write a JUnit report too, a test case a proxy', file)

export type ReconcileOptions = OptionsOf<typeof addReconcileOptions>
