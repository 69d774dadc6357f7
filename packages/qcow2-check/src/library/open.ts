import type { ChainOptions } from '../chain/index.ts'
import type { Finding } from '../findings/index.ts'
import { type Blocker, type Image, openImage } from '../image/index.ts'
import type { GuestSource } from '../mapping/index.ts'
import { type BlockSource, type FileSource, openFileSource } from '../source/index.ts'

/** How an image is opened. Nothing is opened because the image names it, if not for `chain`. */
export interface OpenOptions {
  /** The external data file: its path, or a source for it. */
  readonly dataFile?: string | Buffer | BlockSource
  /** Open backing files too: regular files below the image's own folder, or one of `allowPaths`. */
  readonly chain?: boolean
  readonly allowPaths?: readonly (string | Buffer)[]
  /** Where its header is gone, search its first GiB for what proves another: then it has the finding `header-lost`. */
  readonly searchHeader?: boolean
  /** Ends a search for a header. */
  readonly signal?: AbortSignal
  /** Path of the image, where it is given as a source whose name isn't one. */
  readonly path?: string | Buffer
}

/** An image that is open. Close it; that does nothing to sources that were given open. */
export interface OpenedImage extends Image {
  /** What the backing file holds, all below it included; only with `chain`, and where it could be opened. */
  readonly backing?: GuestSource
  /** Backing files that are open. */
  readonly members: readonly BlockSource[]
  close(): void
}

/**
 * Opens an image as far as it can be understood, for reading. Damage never throws: it is in `findings`, with what is
 * wrong with its backing files and external data, and what QEMU would refuse is in `blockers`.
 *
 * @param image its path (a Buffer where its name is no UTF-8), or a source of its bytes
 * @throws Qcow2Error `not-qcow2`: nothing at its beginning looks like QCOW2; `unreadable`: it, the data file that was
 *   named or an allowed folder can't be read
 */
export async function open(
  image: string | Buffer | BlockSource,
  options: OpenOptions = {},
): Promise<OpenedImage> {
  const files: { close(): void }[] = []
  const sourceOf = (given: string | Buffer | BlockSource): BlockSource => {
    if (!isPath(given)) return given
    const file: FileSource = openFileSource(given)
    files.push(file)
    return file
  }
  const close = () => {
    for (const file of files) file.close()
  }
  try {
    const { chain = false, allowPaths = [], path = isPath(image) ? image : undefined } = options
    const source = sourceOf(image)
    const dataFile = options.dataFile === undefined ? undefined : sourceOf(options.dataFile)
    const sources = { ...(dataFile && { dataFile }), ...(options.signal && { signal: options.signal }) }
    const alone = options.searchHeader
      ? await (await import('../recover/index.ts')).openRecovered(source, sources)
      : await openImage(source, sources)
    const others = await otherFiles(alone, { chain, allowPaths, ...(path !== undefined && { path }) })
    files.push(others)
    const { findings, blockers, backing, members } = others
    return {
      ...alone,
      findings: [...alone.findings, ...findings],
      blockers: [...alone.blockers, ...blockers],
      ...(backing && { backing }),
      members,
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

function isPath(given: string | Buffer | BlockSource): given is string | Buffer {
  return typeof given === 'string' || Buffer.isBuffer(given)
}

interface OtherFiles {
  readonly findings: readonly Finding[]
  readonly blockers: readonly Blocker[]
  readonly backing?: GuestSource | undefined
  readonly members: readonly BlockSource[]
  close(): void
}

/** Backing files and the external data file; most images have neither, and load nothing for it. */
async function otherFiles(image: Image, options: ChainOptions): Promise<OtherFiles> {
  if (image.backingFile === undefined && image.dataFile === undefined && !image.features.externalData)
    return { findings: [], blockers: [], members: [], close: () => {} }
  const { checkDataFile, openChain } = await import('../chain/index.ts')
  const chain = await openChain(image, options)
  const { backingOf } = await import('./backing.ts')
  return {
    findings: [...chain.findings, ...checkDataFile(image)],
    blockers: chain.blockers,
    backing: backingOf(chain),
    members: chain.members.map((member) => member.source),
    close: () => chain.close(),
  }
}
