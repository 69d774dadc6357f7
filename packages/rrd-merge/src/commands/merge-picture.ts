import type { CommandContext } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { measure, mergeCoverageText, terminalStyle } from '../coverage/index.ts'
import { openRrd } from '../file/open-rrd.ts'
import { RrdError } from '../format/index.ts'
import { type MergeOptions, planMerge } from '../merge/index.ts'

/** NEW, the OLDs and the result as strips; undefined where the pair can't be merged, which the merge itself will tell. */
export async function pictureText(
  olds: readonly FileName[],
  target: FileName,
  options: MergeOptions,
  { stdout, env }: CommandContext,
): Promise<string | undefined> {
  try {
    const before = await openRrd(target)
    const oldRrds = []
    for (const old of olds) oldRrds.push(await openRrd(old))
    const plan = planMerge(before, oldRrds, options)
    const measurements = {
      before: measure(before),
      olds: oldRrds.map((old) => measure(old)),
      after: measure(plan.rrd),
    }
    return mergeCoverageText(fileNameText(target), measurements, terminalStyle(stdout, env))
  } catch (error) {
    if (error instanceof RrdError) return undefined
    throw error
  }
}
