import { type BareCommand, integer, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { addFormOptions } from './form.options.ts'

export const addMergeOptions = (command: BareCommand) =>
  addFormOptions(
    command.addOption(
      new Option('--max-bad <n>', 'lines that may be unreadable or cut off before the exit is 3')
        .argParser(integer({ min: 0 }))
        .default(0),
    ),
  )

export type MergeOptions = OptionsOf<typeof addMergeOptions>
