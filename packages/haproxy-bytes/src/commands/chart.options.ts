import { type BareCommand, file, integer, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { addLogOptions } from './log.options.ts'
import { addLossSources } from './loss-sources.options.ts'
import { haproxyVersion, MODELS } from './model.options.ts'

export const addChartOptions = (command: BareCommand) =>
  addLossSources(
    addLogOptions(command)
      .optionsGroup('The picture:')
      .addOption(
        new Option('-o, --output <file>', 'FILE.svg, or FILE.html with the figures in tables')
          .argParser(file)
          .makeOptionMandatory(),
      )
      .addOption(
        new Option('--kind <kind>', 'the gap over time, or the steps from the log to the wire')
          .choices(['gap', 'waterfall'] as const)
          .default('gap' as const),
      )
      .optionsGroup('What is known beside the log:'),
  )
    .option(
      '--before <file>',
      'counters from before the log; a file with many snapshots gives the intervals',
      file,
    )
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

export type ChartOptions = OptionsOf<typeof addChartOptions>
