import { type FileName, type Folder, removeLeftovers } from '@nightshift/tooling/files'
import { TOOL } from './stage.ts'

/**
 * Removes temporary files that killed runs left in a folder.
 * @param target only those that were to become this file
 */
export function clearLeftovers(folder: Folder, target?: FileName): void {
  try {
    removeLeftovers(folder, { tool: TOOL, ...(target !== undefined && { target }) })
  } catch {
    // A folder that can't be listed may still be written to. Leftovers harm nobody but for the room they take.
  }
}
