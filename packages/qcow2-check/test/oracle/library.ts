import type { Survey } from '../../src/check/index.ts'
import { survey } from '../../src/check/index.ts'
import { Qcow2Error } from '../../src/errors.ts'
import type { ConsentClass } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { type Plan, planRepair } from '../../src/plan/index.ts'
import { applyPlan, undo } from '../../src/repair/index.ts'
import { openFileSource } from '../../src/source/index.ts'

/** What the oracle needs of the code under test, in one place. */
export interface Checked {
  readonly survey: Survey
  readonly plan: Plan
}

/** Undefined: nothing in it looks like QCOW2. */
export async function checkAndPlan(
  path: string,
  allow: readonly ConsentClass[] = [],
  dataFilePath?: string,
): Promise<Checked | undefined> {
  const source = openFileSource(path)
  const dataFile = dataFilePath === undefined ? undefined : openFileSource(dataFilePath)
  try {
    const image = await openImage(source, dataFile ? { dataFile } : {})
    const surveyed = await survey(image)
    return { survey: surveyed, plan: await planRepair(image, surveyed, { allow }) }
  } catch (error) {
    if (error instanceof Qcow2Error && error.code === 'not-qcow2') return undefined
    throw error
  } finally {
    source.close?.()
    dataFile?.close?.()
  }
}

/** The undo file, where anything was written. */
export async function repair(path: string, plan: Plan, undoFile: string): Promise<string | undefined> {
  const { undoFile: written } = await applyPlan(path, plan, { undo: undoFile })
  return written
}

/** `force`: another repair was undone since, so that the modification time is a later one. */
export async function takeBack(path: string, undoFile: string, force: boolean): Promise<void> {
  await undo(path, undoFile, { force })
}
