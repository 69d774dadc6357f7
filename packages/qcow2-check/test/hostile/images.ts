import { HOSTILE } from '../check/hostile-images.ts'
import { SparseSource } from '../check/sparse-source.ts'
import { HOSTILE_DISKS } from '../rescue/hostile-disks.ts'
import { BOMBS } from './bombs.ts'
import { CLAIMS } from './claims.ts'
import { DECOYS } from './decoys.ts'
import type { HostileImage } from './image.ts'
import { LINKS } from './links.ts'

/** Every image that was made to cost a command more than its bytes are worth. */
export const HOSTILE_IMAGES: readonly HostileImage[] = [
  ...HOSTILE,
  ...HOSTILE_DISKS.map(({ name, make }) => ({
    name,
    make: () => {
      const { bytes } = make()
      return new SparseSource(bytes.length).put(0, bytes)
    },
  })),
  ...LINKS,
  ...CLAIMS,
  ...BOMBS,
  ...DECOYS,
]
