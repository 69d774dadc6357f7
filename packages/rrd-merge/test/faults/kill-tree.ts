import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../oracle/merge-files.ts'
import {
  type KillFigures,
  type KillTree,
  killAfter,
  lookAtFiles,
  makeKillTree,
  pairsOnly,
  resetTree,
  timeOf,
} from './killed.ts'

export interface KillRounds {
  readonly rounds: number
  readonly files: number
  readonly seed?: number
  readonly args?: readonly string[]
}

/**
 * Kills a tree merge again and again, each time at another point, and looks at every file after each. Leftovers of one
 * round are there in the next, which has to clear them away. @throws where a file is neither as before nor as after
 */
export async function killTreeAtRandom(
  folder: string,
  { rounds, files, seed = 1, args = [] }: KillRounds,
): Promise<{ figures: KillFigures; tree: KillTree }> {
  const tree = makeKillTree(folder, files)
  resetTree(tree, pairsOnly)
  const figures: KillFigures = { rounds: 0, ended: 0, before: 0, after: 0, leftovers: 0 }
  const command = [...args, 'old', 'new']
  const next = random(seed)
  let whole = await timeOf(command, folder)
  for (; figures.rounds < rounds; figures.rounds++) {
    resetTree(tree, pairsOnly)
    removeCopies(tree)
    const ended = await killAfter(command, folder, whole * (0.3 + 0.7 * next()))
    // The machine's load changes: what ends before its kill shows that the estimate is too long, and the reverse.
    whole *= ended ? 0.9 : 1.01
    if (ended) figures.ended++
    lookAtFiles(tree, figures)
  }
  return { figures, tree }
}

/** What a round copied, so that the next has it to copy again. */
function removeCopies({ folder, paths }: KillTree): void {
  for (const [index, path] of paths.entries()) {
    if (!pairsOnly(index)) rmSync(join(folder, 'new', path), { force: true })
  }
}
