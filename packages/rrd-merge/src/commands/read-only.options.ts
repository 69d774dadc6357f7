import { type BareCommand, file, type OptionsOf } from '@nightshift/tooling/command-line'

/** Commands that only look take no options of their own. */
export const addNoOptions = (command: BareCommand) => command

export const addCheckOptions = (command: BareCommand) =>
  command.option('--ndjson', 'print one JSON line a file, then the totals')

export type CheckOptions = OptionsOf<typeof addCheckOptions>

export const addCoverageOptions = (command: BareCommand) =>
  command
    .option('--svg <file>', 'write the picture to an SVG file', file)
    .option('--html <file>', 'write the picture to a self-contained HTML page', file)

export type CoverageOptions = OptionsOf<typeof addCoverageOptions>
