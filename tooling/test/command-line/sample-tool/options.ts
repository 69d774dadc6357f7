import {
  type BareCommand,
  collect,
  duration,
  file,
  Option,
  type OptionsOf,
  pair,
  time,
} from '../../../src/command-line/index.ts'

export const addMergeOptions = (command: BareCommand) =>
  command
    .optionsGroup('What is merged:')
    .addOption(
      new Option('--policy <rule>', 'what becomes of a cell that both know')
        .choices(['fill', 'prefer-old', 'sum'] as const)
        .default('fill'),
    )
    .option('--from <time>', 'first row time that may change', time)
    .addOption(
      new Option('--map-ds <new=old>', "pairs data sources of other names: it's by hand").argParser(
        collect(pair),
      ),
    )
    .option('--only-gaps-longer-than <duration>', 'leave shorter gaps', duration({ in: 's' }))
    .optionsGroup('Writing:')
    .option('-n, --dry-run', 'write nothing, print what would be done')
    .option('-o, --output <file>', 'write the result here [and not to NEW]', file)
    .option('--daemon <address>', 'flush and suspend at this rrdcached')

export type MergeOptions = OptionsOf<typeof addMergeOptions>

export const addInfoOptions = (command: BareCommand) => command.option('-l, --long', 'all that is known')

export type InfoOptions = OptionsOf<typeof addInfoOptions>

export const addStreamOptions = (command: BareCommand) =>
  command.option('--ndjson', 'a JSON document a line').option('--width <bytes>', 'length of a line', Number)

export type StreamOptions = OptionsOf<typeof addStreamOptions>

export const addFailOptions = (command: BareCommand) => command.option('--ndjson', 'a JSON document a line')

export type FailOptions = OptionsOf<typeof addFailOptions>
