import type { FileName } from '@nightshift/tooling/files'
import { type Image, openImage } from '../image/index.ts'
import { type FileSource, openFileSource } from '../source/index.ts'
import type { ChainOptions } from './chain.options.ts'

/** An image of the command line, open for reading, with the files beside it that the operator allowed. */
export interface Opened {
  readonly path: FileName
  readonly source: FileSource
  readonly image: Image
}

/**
 * Opens an image, lets `use` work on it, and closes all of it.
 *
 * @throws Qcow2Error `not-qcow2`, `unreadable`
 */
export async function withImage<T>(
  path: FileName,
  options: Partial<ChainOptions>,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const source = openFileSource(path)
  try {
    const dataFile = options.dataFile === undefined ? undefined : openFileSource(options.dataFile)
    try {
      const image = await openImage(source, { ...(dataFile && { dataFile }) })
      return await use({ path, source, image })
    } finally {
      dataFile?.close()
    }
  } finally {
    source.close()
  }
}
