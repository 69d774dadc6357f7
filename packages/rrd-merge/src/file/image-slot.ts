import { RrdError } from '../format/index.ts'
import { NO_ROOM, type Room, returnRoom, takeRoom } from '../merge/kernel/index.ts'

/** Slots up to this size are kept for the next file; larger files get memory of their own. */
const KEEP = 32 * 2 ** 20

/** Gives room for an image of so many bytes, 8-aligned; their content is undefined. */
export interface ImageRoom {
  take(length: number): Uint8Array
}

/** Memory that belongs to the image alone, for as long as somebody has it. */
export const ownRoom: ImageRoom = {
  take: (length) => {
    try {
      return Buffer.from(new ArrayBuffer(length))
    } catch (cause) {
      throw new RrdError('EREAD', `a file of ${length} bytes does not fit in memory`, { cause })
    }
  },
}

/** Memory for one file's image at a time: what was taken before is overwritten. Free it in the end. */
export class ImageSlot implements ImageRoom {
  #room: Room = NO_ROOM

  take(length: number): Uint8Array {
    if (length > KEEP) {
      this.free()
      return ownRoom.take(length)
    }
    if (length > this.#room.length) {
      this.free()
      this.#room = takeRoom(length)
    }
    return Buffer.from(this.#room.memory, this.#room.start, length)
  }

  /** What was taken may be somebody else's from now on. */
  free(): void {
    returnRoom(this.#room)
    this.#room = NO_ROOM
  }
}

/** Lends `count` slots while `work` runs. */
export async function lendSlots<T>(
  count: number,
  work: (slots: readonly ImageSlot[]) => Promise<T>,
): Promise<T> {
  const slots = Array.from({ length: count }, () => new ImageSlot())
  try {
    return await work(slots)
  } finally {
    for (const slot of slots) slot.free()
  }
}
