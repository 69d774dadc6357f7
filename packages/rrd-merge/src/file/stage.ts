import { closeSync, fsync, type Stats } from 'node:fs'
import { promisify } from 'node:util'
import { asFileError, beginReplacement, type Replacement } from '@nightshift/tooling/files'
import type { Place } from './place.ts'

const syncContent = promisify(fsync)

/** Name of this tool in the names of its temporary files and journals. */
export const TOOL = 'rrd-merge'

/**
 * When a result is on disk. `each`: before its report is given. `batch`: contents before their rename, folders at the
 * end of the run. `none`: when the kernel likes.
 */
export type Durability = 'each' | 'batch' | 'none'

export interface StageOptions {
  /** fstat of the file whose owner and mode the result takes. */
  readonly like: Stats
  readonly durability: Durability
  readonly allowUnsafeFolder: boolean
  /** Gives the temporary file what else it shall have of the one it replaces (extended attributes). */
  readonly dress?: (replacement: Replacement) => Promise<unknown>
  /** Told before it waits for the device. */
  readonly waiting: () => void
}

/** Writes `bytes` to a temporary file beside `place`, complete but for the rename. Its descriptor stays open. */
export async function stage(place: Place, bytes: Uint8Array, options: StageOptions): Promise<Replacement> {
  const { like, durability, allowUnsafeFolder, dress, waiting } = options
  const replacement = beginReplacement(place.folder, place.name, {
    tool: TOOL,
    like,
    allowUnsafeFolder,
    keepOpen: true,
  })
  try {
    replacement.write(bytes)
    await dress?.(replacement)
    replacement.seal()
    // Not the synchronous call: while the device writes this file, the next one is merged.
    if (durability !== 'none') {
      const synced = syncContent(replacement.fd)
      waiting()
      await synced
    }
  } catch (error) {
    replacement.discard()
    closeSync(replacement.fd)
    throw asFileError(error, replacement.path, 'cannot write')
  }
  return replacement
}
