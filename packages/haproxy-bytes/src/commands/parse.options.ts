import {
  type BareCommand,
  collect,
  integer,
  Option,
  type OptionsOf,
  pair,
} from '@nightshift/tooling/command-line'
import { addLogOptions } from './log.options.ts'

export const addParseOptions = (command: BareCommand) =>
  addLogOptions(command)
    .addOption(
      new Option(
        '--where <field=value>',
        'transfers with this very value: an alias without its sign, a fetch as written, or frontend, backend, server, status; given several times, all must hold',
      ).argParser(collect(pair)),
    )
    .addOption(
      new Option('--max-bad <n>', 'lines that may be unreadable or cut off before the exit is 3')
        .argParser(integer({ min: 0 }))
        .default(0),
    )
    .optionsGroup('In which form:')
    .option('--raw', 'the lines themselves, byte for byte')
    .option('--ndjson', 'one JSON object a transfer')
    .option('--csv', 'one row a transfer; no cell starts a formula')

export type ParseOptions = OptionsOf<typeof addParseOptions>
