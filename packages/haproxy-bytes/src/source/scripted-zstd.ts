import { Duplex } from 'node:stream'
import { Decompress } from 'fzstd'
import { ZstdWindowGuard } from './zstd-window.ts'

/** zstd in JavaScript, for a Node without it where zstd(1) isn't installed either. About 0.2 GB/s. */
export function scriptedZstd(largestWindow: number): Duplex {
  return Duplex.from(async function* (input: AsyncIterable<Uint8Array>) {
    const guard = new ZstdWindowGuard(largestWindow)
    const parts: Uint8Array[] = []
    const decoder = new Decompress((part) => void parts.push(part))
    for await (const chunk of input) {
      guard.write(chunk)
      decoder.push(chunk)
      yield* parts.splice(0)
    }
    decoder.push(new Uint8Array(0), true)
    yield* parts.splice(0)
  })
}
