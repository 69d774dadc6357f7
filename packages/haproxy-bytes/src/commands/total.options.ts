import { type BareCommand, integer, Option, type OptionsOf, shard } from '@nightshift/tooling/command-line'
import { addFormOptions } from './form.options.ts'
import { addLogOptions } from './log.options.ts'

export const addTotalOptions = (command: BareCommand) =>
  addFormOptions(
    addLogOptions(command)
      .option('--shard <I/N>', 'only one of N equal parts of the logs, I from 0 to N-1', shard)
      .optionsGroup('Totals:')
      .addOption(
        new Option(
          '--by <keys>',
          'divide by frontend, backend, server, client[/N], status, state, host, minute, hour, day, month, year; several with commas',
        ),
      )
      .addOption(
        new Option('--max-bad <n>', 'lines that may be unreadable or cut off before the exit is 3')
          .argParser(integer({ min: 0 }))
          .default(0),
      ),
  )

export type TotalOptions = OptionsOf<typeof addTotalOptions>
