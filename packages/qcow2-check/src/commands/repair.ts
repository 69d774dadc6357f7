import { type CommandContext, checkOutputs, jsonPath, UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { findUnfinished } from '../repair/index.ts'
import { EXIT_OF_VERDICT } from '../report/exit-code.ts'
import { type PlanSelection, readPlanFile } from '../report/plan-file.ts'
import { type RepairFacts, repairDocument, statesDocument } from '../report/repair-document.ts'
import { repairText } from '../report/repair-text.ts'
import { imageOperand } from './image-operand.ts'
import { look } from './look.ts'
import { withImage } from './opened.ts'
import type { RepairOptions } from './repair.options.ts'
import { planFor, type RepairRequest, repairImage } from './repair-image.ts'

/** `qcow2-check repair IMG`: the exit is that of check, of the image as it stands afterwards. */
export async function run(
  context: CommandContext,
  [operand]: readonly string[],
  options: RepairOptions,
): Promise<number> {
  const path = imageOperand(operand as string)
  const { plan, undoFile, allow } = options
  checkOutputs([['--reflink', options.reflink]], [path, ...(plan === undefined ? [] : [plan])])
  if (undoFile !== undefined && plan !== undefined && fileNameText(undoFile) === fileNameText(plan))
    throw new UsageError('--undo-file and --plan name the same file', { remedy: 'name another undo file' })
  const selection = plan === undefined ? undefined : readPlanFile(plan)
  const planning = { ...(allow && { allow: allow.flat() }) }
  const facts = options.dryRun
    ? await dryRun(context, path, planning, selection, undoFile)
    : { dryRun: false, ...(await repairImage(context, request(path, planning, selection, options))) }
  const state = facts.after ?? facts.before
  const exitCode = EXIT_OF_VERDICT[state.verdict]
  if (context.flags.json) {
    const document = { ...repairDocument(facts), ...statesDocument(facts), verdict: state.verdict, exitCode }
    await context.out.json({ ...jsonPath(path), ...document })
  } else await context.out.write(repairText(fileNameText(path), facts, context.stdout, undefined))
  return exitCode
}

function request(
  path: FileName,
  planning: RepairRequest['planning'],
  selection: PlanSelection | undefined,
  { undoFile, assumeOffline, reflink }: RepairOptions,
): RepairRequest {
  return {
    path,
    planning,
    ...(selection && { selection }),
    undoFile,
    assumeOffline,
    searchHeader: true,
    ...(reflink !== undefined && { reflink }),
  }
}

/** What would be done to the image as it is; an interrupted repair would be settled first. */
async function dryRun(
  context: CommandContext,
  path: FileName,
  planning: RepairRequest['planning'],
  selection: PlanSelection | undefined,
  undoFile: FileName | undefined,
): Promise<RepairFacts> {
  const unfinished = findUnfinished(path, undoFile)
  for (const file of unfinished)
    context.log.warn(`${file}: a repair was interrupted; it would be settled first, and the plan made then`, {
      code: 'repair-interrupted',
    })
  return withImage(path, { searchHeader: true, signal: context.signal }, async (opened) => {
    const { survey } = await look(context, opened)
    const plan = await planFor(context, survey, { planning, ...(selection && { selection }) })
    return { dryRun: true, settled: [], before: survey, plan }
  })
}
