import { type CommandWith, collect, file, folder, type OptionsOf } from '@nightshift/tooling/command-line'

/**
 * What an image names is a stranger's word: none of it is opened without these. Added last: what a command is for comes
 * first in its help.
 */
export const addChainOptions = <Own extends Record<string, unknown>>(command: CommandWith<Own>) =>
  command
    .optionsGroup('Other files:')
    .option('--chain', 'open backing files too, below the folder of the image or an --allow-path')
    .option('--data-file <path>', 'the external data file', file)
    .option('--allow-path <dir>', 'backing files may also lie below this folder', collect(folder))

export type ChainOptions = OptionsOf<typeof addChainOptions<Record<never, never>>>
