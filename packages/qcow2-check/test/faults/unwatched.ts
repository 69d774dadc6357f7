import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { resolveFolder } from '@nightshift/tooling/files'
import { RepairTarget, type Settlement, settleUnfinished, undo, type Watch } from '../../src/repair/index.ts'
import { openFileSource } from '../../src/source/index.ts'

/** Thousands of repairs of images that nobody knows of need no look at who uses them. */
const NOBODY: Watch = {
  assertStill: async () => {},
  look: () => ({ state: 'free' }),
  settle: () => {},
}

export function unwatched(file: string): RepairTarget {
  const source = openFileSource(file, { write: true })
  return new RepairTarget(source, resolveFolder(dirname(file)), basename(file), NOBODY)
}

/** What the next run makes of an image and the undo files beside it. */
export function settled(file: string): {
  readonly settlement: Settlement | undefined
  readonly bytes: Buffer
} {
  const target = unwatched(file)
  try {
    const [first, ...more] = settleUnfinished(target)
    if (more.length > 0) throw new Error('more than one undo file')
    return { settlement: first?.settlement, bytes: readFileSync(file) }
  } finally {
    target.close()
  }
}

/** Leaves an image as a crash would, with the undo file that is there. */
export function put(file: string, bytes: Uint8Array): void {
  writeFileSync(file, bytes)
}

/** What undoing by the first undo file makes of it. */
export async function undone(file: string): Promise<Buffer> {
  const target = unwatched(file)
  try {
    await undo(target, `${file}.undo-1`)
    return readFileSync(file)
  } finally {
    target.close()
  }
}
