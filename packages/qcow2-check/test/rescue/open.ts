import { type Image, openImage } from '../../src/image/index.ts'
import { activeDisk } from '../../src/mapping/disk.ts'
import { GuestReader, type GuestSource } from '../../src/mapping/index.ts'
import { type FileSource, openFileSource } from '../../src/source/index.ts'
import type { MadeImage } from '../mapping/make-image.ts'

/** An image with what it needs, opened. */
export interface Opened extends Disposable {
  readonly image: Image
  readonly backing: GuestSource | undefined
  readonly members: readonly FileSource[]
}

export async function openMade({ path, dataFile, backing }: MadeImage): Promise<Opened> {
  const source = openFileSource(path)
  const data = dataFile === undefined ? undefined : openFileSource(dataFile)
  const base = backing === undefined ? undefined : openFileSource(backing)
  const image = await openImage(source, data ? { dataFile: data } : {})
  const baseImage = base && (await openImage(base))
  return {
    image,
    backing: baseImage && new GuestReader(baseImage, activeDisk(baseImage)),
    members: base ? [base] : [],
    [Symbol.dispose]() {
      for (const each of [source, data, base]) each?.close()
    },
  }
}
