import { type BareCommand, file, integer, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { addLogOptions } from './log.options.ts'
import { haproxyVersion, MODELS } from './model.options.ts'

export const addExplainOptions = (command: BareCommand) =>
  addLogOptions(command)
    .optionsGroup('What is known beside the log:')
    .option('--before <file>', 'counters from before the log: they tell what compression gave', file)
    .option('--after <file>', 'counters from after it', file)
    .addOption(
      new Option('--haproxy-version <version>', 'whose log it is, where no snapshot says so').argParser(
        haproxyVersion,
      ),
    )
    .addOption(
      new Option('--model <name>', 'what the log counts, whatever the version')
        .choices(Object.keys(MODELS))
        .default('auto'),
    )
    .addOption(
      new Option('--max-bad <n>', 'lines that may be unreadable or cut off before the exit is 3')
        .argParser(integer({ min: 0 }))
        .default(0),
    )

export type ExplainOptions = OptionsOf<typeof addExplainOptions>
