import { type BareCommand, byteSize, file, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { addChainOptions } from './chain.options.ts'

const formats = ['raw', 'qcow2'] as const

export const addRescueOptions = (command: BareCommand) =>
  addChainOptions(
    command
      .optionsGroup('What is rescued, and where to:')
      .option('-n, --dry-run', 'say what would be written and what is lost, write nothing')
      .addOption(
        new Option('-o, --output <file>', 'where the data goes').argParser(file).makeOptionMandatory(),
      )
      .addOption(
        new Option('-O, --output-format <format>', 'what it becomes').choices(formats).makeOptionMandatory(),
      )
      .option('--snapshot <which>', 'a snapshot by id or name, orphan:N, or all (default: the active disk)')
      .option('--map <file>', 'list what is lost: JSON for *.json, else a ddrescue mapfile', file)
      .option('--force', 'replace an existing output file')
      .optionsGroup('Where the header is lost:')
      .option('--cluster-size <size>', 'bytes of a cluster', byteSize({ min: 512, max: 2 ** 21 }))
      .option('--header-from <file>', 'take the header of this sound image of the same origin', file),
  )

export type RescueOptions = OptionsOf<typeof addRescueOptions>
