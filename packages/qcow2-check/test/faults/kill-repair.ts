import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { qcow2Check, startQcow2Check } from '../support/cli.ts'
import { dice } from '../support/noise.ts'
import { largeDamage } from './large-repair.ts'

export interface KillFigures {
  rounds: number
  /** Runs that ended before their kill. */
  ended: number
  /** Images found as before, as after, and in between. */
  before: number
  after: number
  torn: number
  /** Next repairs that said that they had rolled back, or found complete, what was interrupted. */
  told: number
  /** Undos that were killed in between, and done again. */
  tornUndos: number
}

/** Milliseconds that the writes and flushes of the repair take on a slow disk. */
const LONGEST_WRITE = 40

/** Kills the packed tool in the midst of a large repair, repairs again, undoes, kills that too, undoes again. */
export async function killRepairs(
  folder: string,
  { rounds, seed = 'kill' }: { readonly rounds: number; readonly seed?: string },
): Promise<KillFigures> {
  const rolls = dice(seed)
  const roll = () => rolls.next().value
  const image = `${folder}/image.qcow2`
  const damaged = `${folder}/damaged`
  const undoFile = `${image}.undo-1`
  largeDamage(damaged)
  const before = readFileSync(damaged)
  copyFileSync(damaged, image)
  const whole = timed(() => qcow2Check(['repair', image]))
  const after = readFileSync(image)
  const figures: KillFigures = { rounds: 0, ended: 0, before: 0, after: 0, torn: 0, told: 0, tornUndos: 0 }
  for (; figures.rounds < rounds; figures.rounds++) {
    removeUndoFiles(image)
    copyFileSync(damaged, image)
    // In turn: at any point; from the undo file's first appearance on; from the first write on.
    const { mtimeMs } = statSync(image)
    const moments = [
      () => killed(['repair', image], () => true, whole * roll()),
      () => killed(['repair', image], () => existsSync(undoFile), LONGEST_WRITE * roll()),
      () => killed(['repair', image], () => statSync(image).mtimeMs !== mtimeMs, LONGEST_WRITE * roll() ** 3),
    ]
    if (await moments[figures.rounds % 3]?.()) figures.ended++
    count(figures, readFileSync(image), before, after, existsSync(undoFile))
    if (figures.rounds % 2 === 0) repairAgain(figures, image, after)
    if (existsSync(undoFile)) await undoTwice(figures, { image, undoFile, before, killAt: roll() })
    else if (!readFileSync(image).equals(before)) throw new Error('changed, and nothing to undo it by')
  }
  return figures
}

function count(figures: KillFigures, now: Buffer, before: Buffer, after: Buffer, undoable: boolean): void {
  if (now.equals(before)) figures.before++
  else if (now.equals(after)) figures.after++
  else figures.torn++
  if (!now.equals(before) && !undoable) throw new Error('half-written, and no undo file')
}

/** The next repair settles what was left, and brings the image to the same state as one that nobody killed. */
function repairAgain(figures: KillFigures, image: string, after: Buffer): void {
  const { status, stdout, stderr } = qcow2Check(['repair', '--json', image])
  if (!readFileSync(image).equals(after)) throw new Error(`repaired otherwise: ${status} ${stderr}`)
  const said = JSON.parse(stdout) as { interrupted: readonly unknown[] }
  if (said.interrupted.length > 0) figures.told++
}

interface Undoing {
  readonly image: string
  readonly undoFile: string
  readonly before: Buffer
  /** From 0 to 1. */
  readonly killAt: number
}

async function undoTwice(figures: KillFigures, { image, undoFile, before, killAt }: Undoing): Promise<void> {
  const repaired = readFileSync(image)
  const { mtimeMs } = statSync(image)
  await killed(['undo', image, undoFile], () => statSync(image).mtimeMs !== mtimeMs, 5 * killAt ** 2)
  const now = readFileSync(image)
  if (!now.equals(before) && !now.equals(repaired)) figures.tornUndos++
  const { status, stderr } = qcow2Check(['undo', image, undoFile])
  if (status !== 0) throw new Error(`undo after a killed undo: ${status} ${stderr}`)
  if (!readFileSync(image).equals(before)) throw new Error('undone to something else')
}

/** Runs the tool and kills it so many milliseconds after something holds; true if it had ended by itself. */
async function killed(args: readonly string[], holds: () => boolean, ms: number): Promise<boolean> {
  const child = startQcow2Check(args)
  let over = false
  const ended = once(child, 'close').then(([code]) => {
    over = true
    return code !== null
  })
  while (!over && !holds()) await setImmediate()
  for (const until = performance.now() + ms; !over && performance.now() < until; ) await setImmediate()
  child.kill('SIGKILL')
  return ended
}

function timed(action: () => unknown): number {
  const began = performance.now()
  action()
  return performance.now() - began
}

function removeUndoFiles(image: string): void {
  const folder = dirname(image)
  for (const name of readdirSync(folder)) if (name.includes('.undo-')) rmSync(`${folder}/${name}`)
}
