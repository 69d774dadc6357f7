import { type BareCommand, collect, file, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { CONSENT_CLASSES, type ConsentClass } from '../findings/index.ts'
import { classList } from './class-list.ts'

/** `--allow a,b --allow c`: classes of repairs that can change what a guest sees. */
const allowed = () =>
  new Option(
    '--allow <class,...>',
    `also do repairs of these classes: ${CONSENT_CLASSES.join(', ')}`,
  ).argParser(collect(classList))

const assumeOffline = 'go on where locks cannot be seen'

export const addPlanOptions = (command: BareCommand) =>
  command.option('-o, --output <file>', 'write the plan to a file', file).addOption(allowed())

export const addRepairOptions = (command: BareCommand) =>
  command
    .option('-n, --dry-run', 'print the plan that would be applied, change nothing')
    .option('--plan <file>', 'only the actions of this plan, which must still fit the image', file)
    .addOption(allowed())
    .option('--undo-file <file>', 'where the bytes before are kept (default: IMG.undo-N)', file)
    .option('--reflink <file>', 'first clone the image to this file, where the file system can', file)
    .option('--assume-offline', assumeOffline)

export const addUndoOptions = (command: BareCommand) =>
  command
    .option('-n, --dry-run', 'say what would be put back, change nothing')
    .option('--force', 'go on where only the modification time differs (a copy, a touch)')
    .option('--assume-offline', assumeOffline)

export const addReclaimOptions = (command: BareCommand) =>
  command
    .option('-n, --dry-run', 'list what would be given back, change nothing')
    .option('--assume-offline', assumeOffline)

export type PlanOptions = OptionsOf<typeof addPlanOptions>
export type RepairOptions = OptionsOf<typeof addRepairOptions>
export type UndoOptions = OptionsOf<typeof addUndoOptions>
export type ReclaimOptions = OptionsOf<typeof addReclaimOptions>
export type { ConsentClass }
