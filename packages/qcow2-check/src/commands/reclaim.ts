import { type CommandContext, type JsonDocument, jsonPath } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { displayPath, formatBytes } from '@nightshift/tooling/terminal'
import type { Survey } from '../check/index.ts'
import { Qcow2Error } from '../errors.ts'
import {
  findUnfinished,
  planReclaim,
  type Reclaimed,
  type ReclaimPlan,
  RepairTarget,
  reclaim,
} from '../repair/index.ts'
import { EXIT_OF_VERDICT } from '../report/exit-code.ts'
import { reportFailure } from './failure-report.ts'
import { imageOperand } from './image-operand.ts'
import { look } from './look.ts'
import { withImage } from './opened.ts'
import type { ReclaimOptions } from './repair.options.ts'
import { surveyTarget } from './survey-target.ts'

/** `qcow2-check reclaim IMG`: the exit is that of check. */
export async function run(
  context: CommandContext,
  [operand]: readonly string[],
  { dryRun, assumeOffline }: ReclaimOptions,
): Promise<number> {
  const path = imageOperand(operand as string)
  refuseUnfinished(path)
  if (dryRun)
    return withImage(path, {}, async (opened) =>
      reclaimed(context, path, (await look(context, opened)).survey),
    )
  const target = RepairTarget.open(path, { assumeOffline: assumeOffline === true, signal: context.signal })
  try {
    return await reclaimed(context, path, await surveyTarget(context, target), target)
  } finally {
    target.close()
  }
}

/** What a half-written image counts as free proves nothing. @throws Qcow2Error `refused` */
function refuseUnfinished(path: FileName): void {
  const [file] = findUnfinished(path)
  if (file === undefined) return
  throw new Qcow2Error('refused', fileNameText(path), `a repair of it was interrupted (${file})`, {
    remedy: 'qcow2-check repair settles that first',
  })
}

async function reclaimed(
  context: CommandContext,
  path: FileName,
  survey: Survey,
  target?: RepairTarget,
): Promise<number> {
  const { signal } = context
  const exitCode = EXIT_OF_VERDICT[survey.verdict]
  const plan = await planOf(context, path, survey)
  if (plan === undefined) return exitCode
  const progress = context.progress({ what: 'reclaiming', unit: 'bytes' })
  let done: Reclaimed | undefined
  try {
    if (target !== undefined)
      done = await reclaim(target, plan, {
        signal,
        onProgress: (bytes, total) => {
          progress.setTotal(total)
          progress.update(bytes)
        },
      })
  } finally {
    progress.stop()
  }
  const { ranges, bytes, kept } = plan
  const facts: JsonDocument = {
    dryRun: done === undefined,
    verdict: survey.verdict,
    ranges,
    bytes,
    kept,
    gained: done?.gained ?? null,
  }
  if (context.flags.json) await context.out.json({ ...jsonPath(path), ...facts })
  else await context.out.line(`${displayPath(path)}: ${reclaimText(plan, done)}`)
  return exitCode
}

/** Undefined where the image is damaged: that is told. */
async function planOf(
  context: CommandContext,
  path: FileName,
  survey: Survey,
): Promise<ReclaimPlan | undefined> {
  try {
    return await planReclaim(survey, { signal: context.signal })
  } catch (error) {
    const { error: why } = await reportFailure(context, path, error)
    if (context.flags.json) await context.out.json({ ...jsonPath(path), verdict: survey.verdict, error: why })
    return undefined
  }
}

function reclaimText({ bytes, kept }: ReclaimPlan, done: Reclaimed | undefined): string {
  const stays =
    kept > 0 ? `; ${formatBytes(kept)} more are free, and stay, as there could be data behind them` : ''
  if (bytes === 0) return `nothing to give back${stays}`
  return done === undefined
    ? `${formatBytes(bytes)} of free clusters could be given back${stays}`
    : `${formatBytes(done.gained)} given back to the file system${stays}`
}
