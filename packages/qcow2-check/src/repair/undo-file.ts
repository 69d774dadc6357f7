import {
  assertSafeToWrite,
  type FileName,
  type Folder,
  fileNameBytes,
  resolveFolder,
  splitFileName,
} from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import type { RepairTarget } from './target.ts'
import { defaultName } from './undo-name.ts'

/** Where an undo file lies, or will. `folder` is open; close it. */
export interface UndoPlace {
  readonly folder: Folder
  readonly name: FileName
}

/** The place that the operator named. The last component is never followed if it is a link. */
export function namedPlace(path: FileName): UndoPlace {
  const { folder, name } = splitFileName(path)
  return { folder: resolveFolder(folder.length === 0 ? '.' : folder), name }
}

/**
 * Where the undo file of a repair is to lie: as named, or `IMG.undo-N` beside the image, N from 1.
 *
 * @throws FileError `unsafe-folder`; Qcow2Error `refused`: a block device has no folder of its own
 */
export function placeFor(target: RepairTarget, named: FileName | undefined): UndoPlace {
  const place = named === undefined ? defaultPlace(target) : namedPlace(named)
  try {
    assertSafeToWrite(place.folder, place.name, undefined)
    return place
  } catch (error) {
    place.folder.close()
    throw error
  }
}

function defaultPlace({ folder, name, source, isDevice }: RepairTarget): UndoPlace {
  if (isDevice) {
    throw new Qcow2Error(
      'refused',
      source.name,
      'is a block device: beside it there is no room for an undo file',
      {
        remedy: 'name one with --undo-file',
      },
    )
  }
  for (let number = 1; ; number++) {
    const candidate = defaultName(name, number)
    if (folder.statEntry(candidate) === undefined)
      return { folder: resolveFolder(folder.base), name: candidate }
  }
}

/** The undo files of an image by their names, lowest N first. */
export function defaultNames({ folder, name }: Pick<RepairTarget, 'folder' | 'name'>): FileName[] {
  const found: { name: FileName; number: number }[] = []
  for (const entry of folder.list()) {
    const bytes = fileNameBytes(entry.name)
    const number = Number(/\.undo-([1-9]\d{0,8})$/.exec(bytes.toString('latin1'))?.[1])
    if (entry.kind === 'file' && number > 0 && bytes.equals(fileNameBytes(defaultName(name, number))))
      found.push({ name: entry.name, number })
  }
  return found.sort((a, b) => a.number - b.number).map((entry) => entry.name)
}
