import type { FileName } from '@nightshift/tooling/files'
import { guessFormat } from '../chain/index.ts'
import { Qcow2Error } from '../errors.ts'
import { openFileSource } from '../source/index.ts'

/** What to do with a file that is no QCOW2 image, by what it looks like. */
export function remedyFor(path: FileName): string {
  const format = formatOf(path)
  if (format === 'raw')
    return 'a raw disk has no metadata to check; if this was a QCOW2 image, qcow2-check plan searches it for what proves that'
  return `it looks like ${format}: qemu-img check knows some other formats`
}

function formatOf(path: FileName): string {
  try {
    const source = openFileSource(path)
    try {
      const bytes = new Uint8Array(Math.min(512, source.size))
      source.read(bytes, 0)
      return guessFormat(bytes)
    } finally {
      source.close()
    }
  } catch (error) {
    if (error instanceof Qcow2Error) return 'raw'
    throw error
  }
}
