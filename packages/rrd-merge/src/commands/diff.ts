import { type CommandContext, jsonPath } from '@nightshift/tooling/command-line'
import type { FileName } from '@nightshift/tooling/files'
import { escapeText, formatCount } from '@nightshift/tooling/terminal'
import { type ArchiveDifference, compareRrds, type Difference } from '../diff/compare.ts'
import type { StructureDifference } from '../diff/structure.ts'
import { openRrd } from '../file/open-rrd.ts'
import { instant } from '../report/instant.ts'
import { fileOperand } from './operands.ts'

/** `rrd-merge diff A B`: 0 where both know the same, 1 where they differ. */
export async function run(context: CommandContext, operands: readonly string[]): Promise<number> {
  const [a, b] = operands.map(fileOperand) as [FileName, FileName]
  const { signal } = context
  const difference = compareRrds(await openRrd(a, { signal }), await openRrd(b, { signal }))
  if (context.flags.json) await context.out.json({ a: jsonPath(a), b: jsonPath(b), ...difference })
  else await context.out.write(differenceText(difference))
  return difference.same ? 0 : 1
}

function differenceText({ structure, archives }: Difference): string {
  const lines = [...structure.map(structureLine), ...archives.filter(differs).map(archiveLine)]
  return lines.map((line) => `${line}\n`).join('')
}

const differs = ({ differing, onlyA, onlyB }: ArchiveDifference): boolean => differing + onlyA + onlyB > 0

function structureLine({ what, a, b }: StructureDifference): string {
  if (a === undefined) return `${escapeText(what)}: only in B (${escapeText(b ?? '')})`
  if (b === undefined) return `${escapeText(what)}: only in A (${escapeText(a)})`
  return `${escapeText(what)}: ${escapeText(a)} | ${escapeText(b)}`
}

function archiveLine({ cf, span, compared, differing, onlyA, onlyB, from, to }: ArchiveDifference): string {
  const counts = `${formatCount(differing)} of ${formatCount(compared)} cells differ, ${formatCount(onlyA)} known only in A, ${formatCount(onlyB)} only in B`
  return `${escapeText(cf)} ${span} s: ${counts}, ${instant(from ?? 0)} to ${instant(to ?? 0)}`
}
