import { type BareCommand, file, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { ARCHITECTURES } from '../format/architecture.ts'

export const addConvertOptions = (command: BareCommand) =>
  command
    .option('-o, --output <file>', 'where the result goes (required)', file)
    .addOption(
      new Option('--arch <architecture>', 'architecture of the result')
        .choices(ARCHITECTURES)
        .default(undefined, 'as IN'),
    )
    .addOption(
      new Option('--format <format>', 'binary, or the XML of rrdtool dump')
        .choices(['xml', 'rrd'] as const)
        .default('rrd' as const),
    )
    .option('-n, --dry-run', 'say what would be done and write nothing')

export type ConvertOptions = OptionsOf<typeof addConvertOptions>

export const addDumpOptions = (command: BareCommand) =>
  command
    .option('-o, --output <file>', 'write to a file instead of standard output', file)
    .addOption(
      new Option('--precision <precision>', 'all digits of a value, or the 11 that rrdtool dump prints')
        .choices(['exact', 'rrdtool'] as const)
        .default('exact' as const),
    )

export type DumpOptions = OptionsOf<typeof addDumpOptions>

export const addRestoreOptions = (command: BareCommand) =>
  command
    .option('-o, --output <file>', 'where the RRD goes (required)', file)
    .addOption(
      new Option('--arch <architecture>', 'architecture of the result')
        .choices(ARCHITECTURES)
        .default(undefined, "this machine's"),
    )
    .option('-n, --dry-run', 'say what would be done and write nothing')

export type RestoreOptions = OptionsOf<typeof addRestoreOptions>
