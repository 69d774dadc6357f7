import type { Chain, ChainMember } from '../chain/index.ts'
import { activeDisk } from '../mapping/disk.ts'
import { GuestReader, type GuestSource, type LostRange } from '../mapping/index.ts'
import { readTolerantly } from '../mapping/tolerant-read.ts'
import type { BlockSource } from '../source/index.ts'

/** What the image's own backing file holds, all below it included; undefined where none was opened. */
export function backingOf({
  members,
  complete,
}: Pick<Chain, 'members' | 'complete'>): GuestSource | undefined {
  // The chain from its far end: each is what the one above reads where it holds nothing.
  return members.reduceRight<GuestSource | undefined>(
    (below, member, index) => guestSourceOf(member, below, complete || index < members.length - 1),
    undefined,
  )
}

function guestSourceOf(
  { image, source, size }: ChainMember,
  backing: GuestSource | undefined,
  whole: boolean,
): GuestSource {
  if (image === undefined) return new RawGuest(source, size)
  return new GuestReader(image, activeDisk(image), { ...(backing && whole && { backing }) })
}

/** A raw file as a disk: every byte of it is data. */
class RawGuest implements GuestSource {
  readonly #source: BlockSource
  readonly size: number

  constructor(source: BlockSource, size: number) {
    this.#source = source
    this.size = size
  }

  async read(target: Uint8Array, offset: number): Promise<readonly LostRange[]> {
    const length = Math.max(0, Math.min(target.length, this.size - offset))
    target.fill(0, length)
    const bad = await readTolerantly(this.#source, target.subarray(0, length), offset)
    return bad.map((range) => ({ ...range, reason: 'read-error' }))
  }
}
