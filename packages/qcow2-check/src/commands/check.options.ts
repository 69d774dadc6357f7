import { type BareCommand, file, integer, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { addChainOptions } from './chain.options.ts'

const modes = ['leaks', 'all'] as const

export const addCheckOptions = (command: BareCommand) =>
  addChainOptions(
    command
      .optionsGroup('What is checked, and how it is told:')
      .option('--ndjson', 'print one JSON line an image')
      .option('--data', 'inflate every compressed cluster too')
      .option(
        '--max-findings <n>',
        'list at most so many findings; counts stay complete',
        integer({ min: 0 }),
      )
      .option(
        '-U, --force-share',
        'accepted for compatibility: an image in use is always checked, as advisory',
      )
      .optionsGroup('Repair:')
      .addOption(
        new Option(
          '-r, --repair <what>',
          'repair leaked refcounts, or all that is proven safe; with an undo file, and nothing is punched',
        ).choices(modes),
      )
      .option('--undo-file <file>', 'where the bytes before are kept (default: IMG.undo-N)', file)
      .option('--assume-offline', 'go on where locks cannot be seen'),
  )

export type CheckOptions = OptionsOf<typeof addCheckOptions>
