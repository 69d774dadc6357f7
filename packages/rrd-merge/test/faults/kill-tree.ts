import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { random } from '../oracle/merge-files.ts'
import {
  type KillFigures,
  type KillTree,
  killAtChange,
  lookAtFiles,
  makeKillTree,
  pairsOnly,
  resetTree,
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
  const folders = foldersOf(tree)
  let { changes: whole } = await killAtChange(command, folder, folders, Number.POSITIVE_INFINITY)
  for (; figures.rounds < rounds; figures.rounds++) {
    resetTree(tree, pairsOnly)
    removeCopies(tree)
    const { ended, changes } = await killAtChange(command, folder, folders, 1 + Math.floor(next() * whole))
    // The kernel tells of some changes together: how many a whole run comes to differs from run to run.
    if (ended) {
      figures.ended++
      whole = changes
    }
    lookAtFiles(tree, figures)
  }
  return { figures, tree }
}

/** The folders that hold NEWs. */
function foldersOf({ folder, paths }: KillTree): string[] {
  const folders = [...new Set(paths.map((path) => join(folder, 'new', dirname(path))))]
  for (const made of folders) mkdirSync(made, { recursive: true })
  return folders
}

/** What a round copied, so that the next has it to copy again. */
function removeCopies({ folder, paths }: KillTree): void {
  for (const [index, path] of paths.entries()) {
    if (!pairsOnly(index)) rmSync(join(folder, 'new', path), { force: true })
  }
}
