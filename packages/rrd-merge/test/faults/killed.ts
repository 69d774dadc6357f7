import { once } from 'node:events'
import { readFileSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startRrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { filesBelow, putTree } from '../support/tree.ts'

/** What kills at many points came to. */
export interface KillFigures {
  rounds: number
  /** Runs that ended before their kill. */
  ended: number
  /** Files found as they were before, and as they are after. */
  before: number
  after: number
  /** Temporary files and journals that were found, and that the next run removed. */
  leftovers: number
}

export interface KillTree {
  readonly folder: string
  readonly paths: readonly string[]
}

/** A tree of NEWs with holes and their OLDs; every fifth only OLD has. */
export function makeKillTree(folder: string, files: number): KillTree {
  const paths = Array.from({ length: files }, (_, index) => `d${index % 7}/f${index}.rrd`)
  putTree(join(folder, 'old'), Object.fromEntries(paths.map((path) => [path, wholeFile()])))
  putTree(join(folder, 'new'), { 'only-new.rrd': holed(9) })
  return { folder, paths }
}

const isCopy = (index: number): boolean => index % 5 === 4

/** Puts the NEWs back as they were. */
export function resetTree({ folder, paths }: KillTree, written: (index: number) => boolean): void {
  for (const [index, path] of paths.entries()) {
    if (written(index)) putTree(join(folder, 'new'), { [path]: holed(index) })
  }
}

export const pairsOnly = (index: number): boolean => !isCopy(index)

/** Starts a merge and kills it after so many milliseconds; true if it had ended by itself. */
export async function killAfter(args: readonly string[], cwd: string, ms: number): Promise<boolean> {
  const child = startRrdMerge(args, { cwd })
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  const [code] = (await ended) as [number | null]
  clearTimeout(timer)
  return code !== null
}

/**
 * Starts a merge and kills it at the n-th change of an entry in these folders: where a run is by what it has done is
 * the same on a busy machine, by the clock it is not. Gives the changes that were seen until the end.
 */
export async function killAtChange(
  args: readonly string[],
  cwd: string,
  folders: readonly string[],
  n: number,
): Promise<{ readonly ended: boolean; readonly changes: number }> {
  const child = startRrdMerge(args, { cwd })
  const gone = once(child, 'exit')
  let changes = 0
  const watchers = folders.map((folder) =>
    watch(folder, () => {
      if (++changes >= n) child.kill('SIGKILL')
    }),
  )
  const [code] = (await gone) as [number | null]
  for (const watcher of watchers) watcher.close()
  return { ended: code !== null, changes }
}

/** As `killAfter`, from the moment that something holds. */
export async function killOnce(
  holds: () => boolean,
  args: readonly string[],
  cwd: string,
  ms: number,
): Promise<boolean> {
  const child = startRrdMerge(args, { cwd })
  const ended = once(child, 'exit')
  while (child.exitCode === null && !holds()) await new Promise((resolve) => setImmediate(resolve))
  const since = performance.now()
  while (child.exitCode === null && performance.now() < since + ms) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  child.kill('SIGKILL')
  const [code] = (await ended) as [number | null]
  return code !== null
}

/** Time that a whole run takes, in milliseconds. */
export async function timeOf(args: readonly string[], cwd: string): Promise<number> {
  const since = performance.now()
  await once(startRrdMerge(args, { cwd }), 'exit')
  return performance.now() - since
}

/** Looks at every file: before or after, byte for byte. @throws where one is neither */
export function lookAtFiles({ folder, paths }: KillTree, figures: KillFigures): void {
  const there = new Set(filesBelow(join(folder, 'new')))
  for (const [index, path] of paths.entries()) {
    if (!there.delete(path)) {
      if (isCopy(index)) figures.before++
      else throw new Error(`${path} is gone`)
      continue
    }
    const now = readFileSync(join(folder, 'new', path))
    if (now.equals(wholeFile())) figures.after++
    else if (!isCopy(index) && now.equals(holed(index))) figures.before++
    else {
      writeFileSync(`${folder}.torn.rrd`, now)
      throw new Error(`${path} is neither as before nor as after: see ${folder}.torn.rrd`)
    }
  }
  there.delete('only-new.rrd')
  for (const name of there) {
    if (!/^d\d\/\.f\d+\.rrd\.rrd-merge-.*\.tmp$/.test(name)) throw new Error(`a strange file: ${name}`)
    figures.leftovers++
  }
}
