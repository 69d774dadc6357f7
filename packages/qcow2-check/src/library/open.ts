import { type Image, openImage } from '../image/index.ts'
import { type BlockSource, type FileSource, openFileSource } from '../source/index.ts'

/** How an image is opened. */
export interface OpenOptions {
  /** The external data file: its path, or a source for it. Nothing is opened because the image names it. */
  readonly dataFile?: string | Buffer | BlockSource
}

/** An image that is open. Close it; that does nothing to sources that were given open. */
export interface OpenedImage extends Image {
  close(): void
}

/**
 * Opens an image as far as it can be understood, for reading. Damage never throws: it is in `findings`, and what QEMU
 * would refuse is in `blockers`.
 *
 * @param image its path (a Buffer where its name is no UTF-8), or a source of its bytes
 * @throws Qcow2Error `not-qcow2`: nothing at its beginning looks like QCOW2; `unreadable`
 */
export async function open(
  image: string | Buffer | BlockSource,
  options: OpenOptions = {},
): Promise<OpenedImage> {
  const files: FileSource[] = []
  const sourceOf = (given: string | Buffer | BlockSource): BlockSource => {
    if (typeof given !== 'string' && !Buffer.isBuffer(given)) return given
    const file = openFileSource(given)
    files.push(file)
    return file
  }
  const close = () => {
    for (const file of files) file.close()
  }
  try {
    const source = sourceOf(image)
    const dataFile = options.dataFile === undefined ? undefined : sourceOf(options.dataFile)
    return { ...(await openImage(source, { ...(dataFile && { dataFile }) })), close }
  } catch (error) {
    close()
    throw error
  }
}
