import fs from 'node:fs'
import { type Folder, fileNameText } from '@nightshift/tooling/files'
import { RrdError } from '../format/index.ts'

/**
 * Folders of a tree merge may not lie in each other: files would be paired with themselves, or results read as input.
 * @throws RrdError EUSAGE
 */
export function refuseOverlap(folders: readonly Folder[]): void {
  const paths = folders.map(({ fd }) => `${fs.realpathSync(`/proc/self/fd/${fd}`, { encoding: 'latin1' })}/`)
  paths.forEach((path, index) => {
    const other = paths.findIndex((outer, at) => at !== index && path.startsWith(outer))
    if (other < 0) return
    const [a, b] = [folders[index] as Folder, folders[other] as Folder].map((folder) =>
      fileNameText(folder.path),
    )
    const relation = paths[other] === path ? 'are the same folder' : `overlap: ${a} lies in ${b}`
    throw new RrdError('EUSAGE', `${a} and ${b} ${relation}`, {
      remedy: 'name folders that are apart from each other',
    })
  })
}
