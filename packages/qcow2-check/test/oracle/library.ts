import type { Survey } from '../../src/check/index.ts'
import { survey } from '../../src/check/index.ts'
import { Qcow2Error } from '../../src/errors.ts'
import type { ConsentClass, Finding } from '../../src/findings/index.ts'
import type { Image, OpenOptions } from '../../src/image/index.ts'
import { type Plan, planRepair } from '../../src/plan/index.ts'
import { openRecovered } from '../../src/recover/index.ts'
import { applyPlan, undo } from '../../src/repair/index.ts'
import { type BlockSource, openFileSource } from '../../src/source/index.ts'

/** What the oracle needs of the code under test, in one place. */
export interface Checked {
  readonly survey: Survey
  readonly plan: Plan
}

/** Undefined: nothing in it looks like QCOW2. */
export function checkAndPlan(
  path: string,
  allow: readonly ConsentClass[] = [],
  dataFilePath?: string,
): Promise<Checked | undefined> {
  return withImage(path, dataFilePath, async (image) => {
    const surveyed = await survey(image)
    return { survey: surveyed, plan: await planRepair(image, surveyed, { allow }) }
  })
}

/** What a check says. */
export async function findingsOf(path: string, dataFilePath?: string): Promise<readonly Finding[]> {
  return (await withImage(path, dataFilePath, survey))?.findings ?? []
}

async function withImage<T>(
  path: string,
  dataFilePath: string | undefined,
  use: (image: Image) => Promise<T>,
): Promise<T | undefined> {
  const source = openFileSource(path)
  const dataFile = dataFilePath === undefined ? undefined : openFileSource(dataFilePath)
  try {
    const image = await openAnyhow(source, dataFile ? { dataFile } : {})
    return image && (await use(image))
  } finally {
    source.close?.()
    dataFile?.close?.()
  }
}

/** Where the header is gone, with one that the rest of the file proves. */
async function openAnyhow(
  source: BlockSource,
  options: Pick<OpenOptions, 'dataFile'>,
): Promise<Image | undefined> {
  try {
    return await openRecovered(source, options)
  } catch (error) {
    if (!(error instanceof Qcow2Error) || error.code !== 'not-qcow2') throw error
    return undefined
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
