import { BITMAP_ENTRY_HEADER, type BitmapsExtension } from '../../format/index.ts'
import { IGNORE_BITMAPS } from '../findings-list.ts'
import type { OpenContext } from '../open-context.ts'
import { beyondReach } from '../table-rules.ts'

/** What is wrong with the bitmap directory as a whole, for us and as QEMU words it. */
export class DirectoryFaults {
  readonly #context: OpenContext
  readonly #extension: BitmapsExtension

  constructor(context: OpenContext, extension: BitmapsExtension) {
    this.#context = context
    this.#extension = extension
  }

  /** @returns true if there is nothing to be read */
  place(): boolean {
    const { directoryOffset: offset, directorySize: size } = this.#extension
    if (size === 0n) {
      this.#add('it has no bytes', 'Requested bitmap directory size is zero')
      return true
    }
    if (offset < BigInt(this.#context.fileSize)) return false
    const unreadable = beyondReach(offset, Number(size))
    const zeros =
      size < BITMAP_ENTRY_HEADER ? 'Broken bitmap directory' : "Bitmap '' doesn't satisfy the constraints"
    this.#add(
      'it lies beyond the end of the file',
      unreadable ? 'Failed to read bitmap directory: Input/output error' : zeros,
    )
    return true
  }

  /** @param whole it has a header at least */
  entry(index: number, whole: boolean): void {
    const { count } = this.#extension
    if (whole && index >= count)
      this.#add(
        `more than the ${count} bitmaps that the header counts`,
        'More bitmaps found than specified in header extension',
      )
    else this.#add(`entry ${index} does not fit`, 'Broken bitmap directory')
  }

  end(found: number): void {
    const { count } = this.#extension
    if (found < count)
      this.#add(
        `${found} bitmaps, the header counts ${count}`,
        'Less bitmaps found than specified in header extension',
      )
  }

  #add(why: string, message: string): void {
    const { directoryOffset, directorySize } = this.#extension
    const { findings, blockers, fileSize } = this.#context
    const range = { offset: Math.min(Number(directoryOffset), fileSize), length: Number(directorySize) }
    findings.add('bitmap-directory', range, { why }, { repair: IGNORE_BITMAPS })
    blockers.add('bitmap-directory', message)
  }
}
