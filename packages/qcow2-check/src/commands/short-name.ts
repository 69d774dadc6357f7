import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FileName } from '@nightshift/tooling/files'

/** A file beside the image, named from where the image is; undefined where it lies elsewhere. */
export function shortName(image: FileName, file: string): string | undefined {
  if (typeof image !== 'string') return undefined
  const near = join(dirname(image), basename(file))
  const [one, other] = [near, file].map((path) => statSync(path, { throwIfNoEntry: false }))
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev ? near : undefined
}
