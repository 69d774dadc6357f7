import { type BareCommand, file, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { addChainOptions } from './chain.options.ts'

export const addInfoOptions = (command: BareCommand) => addChainOptions(command)

export const addMapOptions = (command: BareCommand) =>
  addChainOptions(
    command
      .optionsGroup('The picture:')
      .addOption(
        new Option('-o, --output <file>', 'FILE.svg, FILE.html or FILE.json')
          .argParser(file)
          .makeOptionMandatory(),
      ),
  )

export type InfoOptions = OptionsOf<typeof addInfoOptions>
export type MapOptions = OptionsOf<typeof addMapOptions>
