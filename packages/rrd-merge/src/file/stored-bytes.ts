import { readSync } from 'node:fs'
import { EventTurn } from './event-turn.ts'

const CHUNK = 64 * 1024

/**
 * What lies in an open file, from its start. The descriptor is its owner's alone: a stream of `node:fs` over it closes it
 * when destroyed, whatever `autoClose` says, and the owner's own close then hits a file opened since under that number.
 * Reads are synchronous, so that none is under way once the owner goes on.
 */
export async function* storedBytes(fd: number): AsyncGenerator<Buffer, void> {
  const turn = new EventTurn()
  for (let position = 0; ; ) {
    const chunk = Buffer.allocUnsafe(CHUNK)
    const length = readSync(fd, chunk, 0, CHUNK, position)
    if (length === 0) return
    position += length
    yield chunk.subarray(0, length)
    await turn.due()
  }
}
