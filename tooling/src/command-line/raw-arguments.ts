import { readFileSync } from 'node:fs'
import { bytesOfText, textOfBytes } from '../terminal/lossless-text.ts'

/**
 * Node decodes its arguments as UTF-8 and puts U+FFFD for every byte that is none, so a file with such a name could
 * not be named. Linux keeps the bytes in /proc/self/cmdline: they are read only when an argument has a U+FFFD, and
 * come as lone surrogates, which `pathOfText` turns into the bytes again.
 */
export function losslessArguments(
  argv: readonly string[],
  read: () => Uint8Array = () => readFileSync('/proc/self/cmdline'),
): readonly string[] {
  if (!argv.some((word) => word.includes('\ufffd'))) return argv
  let raw: readonly string[]
  try {
    raw = nulTerminated(read()).slice(-argv.length)
  } catch {
    return argv
  }
  // A process title that was set overwrites the arguments: then they are not there to be read.
  const agrees =
    raw.length === argv.length && raw.every((word, index) => bytesOfText(word).toString() === argv[index])
  return agrees ? raw : argv
}

function nulTerminated(bytes: Uint8Array): string[] {
  const words: string[] = []
  let start = 0
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
    words.push(textOfBytes(bytes.subarray(start, end)))
    start = end + 1
  }
  return words
}
