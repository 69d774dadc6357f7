import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mergeFile } from '../../src/index.ts'
import { random } from '../oracle/merge-files.ts'
import { filesBelow, putTree } from '../support/tree.ts'
import { bigFile, bigWithGaps } from './big-pair.ts'
import { killAfter, killOnce, timeOf } from './killed.ts'

/** Milliseconds from the journal's appearance to its removal, on a slow disk. */
const LONGEST_WRITE = 60

export interface InPlaceFigures {
  rounds: number
  /** Runs that ended before their kill. */
  ended: number
  /** Files as before, and as after, once the next run had looked at their journal. */
  before: number
  after: number
  /** Journals found after the kill, those of half-written files among them, and next runs that told of one. */
  journals: number
  torn: number
  told: number
}

/** Kills merges in place of one file at random points; the next run must settle it. @throws where it doesn't */
export async function killInPlaceAtRandom(
  folder: string,
  { rounds, seed = 1 }: { readonly rounds: number; readonly seed?: number },
): Promise<InPlaceFigures> {
  const [before, after] = [bigWithGaps(), bigFile()]
  const target = join(folder, 'new.rrd')
  const journalPath = `${target}.rrd-merge-undo`
  // An OLD that knows nothing more: merging it settles the journal and fills nothing.
  putTree(folder, { 'old.rrd': after, 'nothing.rrd': before, 'new.rrd': before })
  const command = ['--in-place', 'old.rrd', 'new.rrd']
  const figures: InPlaceFigures = { rounds: 0, ended: 0, before: 0, after: 0, journals: 0, torn: 0, told: 0 }
  const next = random(seed)
  const whole = await timeOf(command, folder)
  for (; figures.rounds < rounds; figures.rounds++) {
    writeFileSync(target, before)
    const { mtimeMs } = statSync(target)
    const journaled = (): boolean => existsSync(journalPath)
    const written = (): boolean => statSync(target).mtimeMs !== mtimeMs
    // In turn: at any point; from the journal's first appearance on; from the first write on, which are few moments.
    const ended = await [
      () => killAfter(command, folder, whole * (0.3 + 0.7 * next())),
      () => killOnce(journaled, command, folder, LONGEST_WRITE * next() ** 2),
      () => killOnce(written, command, folder, 0.5 * next()),
    ][figures.rounds % 3]?.()
    if (ended) figures.ended++
    const now = readFileSync(target)
    const torn = !now.equals(before) && !now.equals(after)
    if (torn) figures.torn++
    const journal = existsSync(journalPath)
    if (torn && !journal) throw new Error('half-written, and no journal')
    if (journal) figures.journals++
    const settled = await mergeFile(join(folder, 'nothing.rrd'), target)
    if (settled.warnings.some(({ code }) => code === 'journal-recovered')) figures.told++
    const then = readFileSync(target)
    if (then.equals(before)) figures.before++
    else if (then.equals(after)) figures.after++
    else throw new Error('neither as before nor as after')
    const left = filesBelow(folder).filter((name) => !name.endsWith('.rrd'))
    if (left.length > 0) throw new Error(`left: ${left.join(', ')}`)
  }
  return figures
}
