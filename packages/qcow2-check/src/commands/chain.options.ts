import { type BareCommand, collect, file, folder, type OptionsOf } from '@nightshift/tooling/command-line'

/** What an image names is a stranger's word: none of it is opened without these. */
export const addChainOptions = (command: BareCommand) =>
  command
    .optionsGroup('Other files:')
    .option('--chain', 'open backing files too, below the folder of the image or an --allow-path')
    .option('--data-file <path>', 'the external data file', file)
    .option('--allow-path <dir>', 'backing files may also lie below this folder', collect(folder))

export type ChainOptions = OptionsOf<typeof addChainOptions>
