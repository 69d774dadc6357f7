import { textOfBytes } from '../terminal/lossless-text.ts'

/** The path that an error carries, as text: Node and our libraries give a string, or bytes where it is not UTF-8. */
export function errorPath(path: unknown): string | undefined {
  if (typeof path === 'string') return path
  return path instanceof Uint8Array ? textOfBytes(path) : undefined
}
