import type { FileName } from '@nightshift/tooling/files'
import { type OpenedImage, type OpenOptions, open } from '../library/open.ts'
import { type BlockSource, type FileSource, openFileSource } from '../source/index.ts'
import type { ChainOptions } from './chain.options.ts'

/** An image of the command line, open for reading, with the files beside it that the operator allowed. */
export interface Opened {
  readonly path: FileName
  readonly source: FileSource
  readonly image: OpenedImage
  /** Opens and reads it anew, the files beside it too. */
  again(): Promise<OpenedImage>
}

/** For an image whose header is gone: search the file for what proves another. */
type HeaderSearch = Pick<OpenOptions, 'searchHeader' | 'signal'>

/**
 * Opens an image, lets `use` work on it, and closes all of it.
 *
 * @throws Qcow2Error `not-qcow2`, `unreadable`
 */
export async function withImage<T>(
  path: FileName,
  { chain, dataFile, allowPath, searchHeader, signal }: Partial<ChainOptions> & HeaderSearch,
  use: (opened: Opened) => Promise<T>,
  /** What to read in its place; the file itself by default. */
  instead: (source: FileSource) => Promise<BlockSource> = async (source) => source,
): Promise<T> {
  const images: OpenedImage[] = []
  const source = openFileSource(path)
  try {
    const opened = async (): Promise<OpenedImage> => {
      const image = await open(await instead(source), {
        chain: chain === true,
        path,
        ...(dataFile !== undefined && { dataFile }),
        ...(allowPath && { allowPaths: allowPath }),
        ...(searchHeader && { searchHeader }),
        ...(signal && { signal }),
      })
      images.push(image)
      return image
    }
    return await use({ path, source, image: await opened(), again: opened })
  } finally {
    for (const image of images) image.close()
    source.close()
  }
}
