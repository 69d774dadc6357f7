import { Decompress } from 'fzstd'
import { DamagedError } from './damaged.ts'
import { ZstdWindowGuard } from './zstd-window.ts'

/**
 * zstd in JavaScript, for a Node without it where zstd(1) isn't installed either. About 0.2 GB/s.
 *
 * @throws DamagedError
 */
export async function* scriptedZstd(
  input: AsyncIterable<Uint8Array>,
  largestWindow: number,
): AsyncGenerator<Uint8Array> {
  const guard = new ZstdWindowGuard(largestWindow)
  const parts: Uint8Array[] = []
  const decoder = new Decompress((part) => void parts.push(part))
  let given = 0
  let fault: unknown
  const push = (chunk: Uint8Array, last: boolean): void => {
    try {
      guard.write(chunk)
      decoder.push(chunk, last)
    } catch (error) {
      fault = error
    }
  }
  for await (const chunk of input) {
    // The decoder keeps what it is given.
    push(chunk.slice(), false)
    yield* parts.splice(0)
    if (fault !== undefined) throw new DamagedError((fault as Error).message, given, fault)
    given += chunk.length
  }
  push(new Uint8Array(0), true)
  yield* parts.splice(0)
  if (fault !== undefined) throw new DamagedError((fault as Error).message, given, fault)
}
