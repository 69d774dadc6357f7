import { type Crafted, craft } from '../mapping/craft.ts'

const COMPRESSED = 0x4000_0000

export interface HostileDisk {
  readonly name: string
  readonly make: () => Crafted
}

/** Images of a few MiB that claim far more; bytes of the disk are kept below what a file system allows for. */
export const HOSTILE_DISKS: readonly HostileDisk[] = [
  {
    name: 'every L1 entry names one L2 table, whose every entry names one cluster',
    make: () => {
      const image = craft({ clusterBits: 16, clusters: 64, size: 2n ** 43n, l1Size: 2 ** 14 })
      for (let index = 0; index < 2 ** 14; index++) image.set(2, index, 50 * 65536)
      for (let index = 0; index < 8192; index++) image.set(50, index, 51 * 65536)
      image.bytes.fill(0x5a, 51 * 65536, 52 * 65536)
      return image
    },
  },
  {
    name: 'the same with clusters of 2 MiB and an impossible size',
    make: () => {
      const image = craft({ clusterBits: 21, clusters: 4, size: 2n ** 60n, l1Size: 2 ** 5 })
      for (let index = 0; index < 2 ** 5; index++) image.set(2, index, 3 * 2 ** 21)
      for (let index = 0; index < 2 ** 18; index++) image.set(3, index, 2 ** 21)
      image.bytes.fill(0x5a, 2 ** 21, 2 ** 22)
      return image
    },
  },
  {
    name: 'every entry is compressed and names the same bytes',
    make: () => {
      const image = craft({ clusterBits: 16, clusters: 64, size: 2n ** 43n, l1Size: 2 ** 14 })
      for (let index = 0; index < 2 ** 14; index++) image.set(2, index, 50 * 65536)
      for (let index = 0; index < 8192; index++) image.set(50, index, 51 * 65536, COMPRESSED)
      return image
    },
  },
  {
    name: 'lost and zero in turn, in small clusters',
    make: () => {
      const image = craft({ clusterBits: 9, clusters: 8192, size: 2n ** 33n, l1Size: 2 ** 18 })
      for (let index = 0; index < 2 ** 18; index++) image.set(2, index, 8000 * 512)
      for (let index = 0; index < 64; index++)
        image.set(8000, index, index % 2 ? 2 ** 40 : 0, 0, index % 2 ? 0 : 1)
      return image
    },
  },
  {
    name: 'subclusters of data and zeros in turn',
    make: () => {
      const header = { incompatibleFeatures: 16n }
      const image = craft({ clusterBits: 16, clusters: 64, size: 2n ** 42n, l1Size: 2 ** 14, header })
      for (let index = 0; index < 2 ** 14; index++) image.set(2, index, 50 * 65536)
      for (let index = 0; index < 4096; index++) {
        image.set(50, index * 2, 51 * 65536)
        image.set(50, index * 2 + 1, 0, 0xaaaa_aaaa, 0x5555_5555)
      }
      image.bytes.fill(0x5a, 51 * 65536, 52 * 65536)
      return image
    },
  },
  {
    name: 'an L1 table of rubbish',
    make: () => {
      const image = craft({ clusterBits: 16, clusters: 64, size: 2n ** 43n, l1Size: 2 ** 14 })
      image.bytes.fill(0x77, 2 * 65536)
      return image
    },
  },
]
