import { afterAll, describe, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { Workshop } from './qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

/** Disks that clusters of half the size, or of twice the size, could map too; 4k and 512 bytes take several refcount blocks. */
const IMAGES = [
  { clusterBits: 16, size: '100M', write: '3M', tooShortForHalf: false },
  { clusterBits: 16, size: '1G', write: '3M', tooShortForHalf: true },
  { clusterBits: 21, size: '100M', write: '5M', tooShortForHalf: false },
  { clusterBits: 12, size: '20M', write: '12M', tooShortForHalf: true },
  { clusterBits: 9, size: '1M', write: '700k', tooShortForHalf: true },
] as const
const FIELDS = { l1TableOffset: 40, refcountTableOffset: 48, snapshotsOffset: 64 } as const

describe.each(IMAGES)(
  '$clusterBits bits, a disk of $size',
  ({ clusterBits, size, write, tooShortForHalf }) => {
    const image = (room = 0): Buffer => {
      const made = workshop.make(`${clusterBits}-${size}`, [
        ['qemu-img', 'create', '-q', '-f', 'qcow2', '-o', `cluster_size=${2 ** clusterBits}`, 'IMG', size],
        ['qemu-io', '-c', `write -P 7 0 ${write}`, 'IMG'],
        ['qemu-img', 'snapshot', '-c', 's1', 'IMG'],
        ['qemu-io', '-c', 'write -P 8 64k 256k', 'IMG'],
      ])
      return Buffer.concat([made, Buffer.alloc(room)])
    }
    const believed = async (bytes: Buffer): Promise<number> =>
      (await openImage(new MemorySource(bytes))).geometry.clusterBits

    // A repair by half the true size writes a header with which QEMU opens the image, and reads rubbish.
    test.each(Object.entries(FIELDS))(
      'one wrong bit of %s leaves the cluster size as it is',
      async (_, at) => {
        const wrong: number[] = []
        for (const bytes of [image(), image(8 * 2 ** clusterBits)]) {
          const right = bytes.readBigUInt64BE(at)
          for (let bit = 0; bit < 26; bit++) {
            bytes.writeBigUInt64BE(right ^ (1n << BigInt(bit)), at)
            if ((await believed(bytes)) !== clusterBits) wrong.push(bit)
          }
        }
        expect(wrong).toEqual([])
      },
    )

    // Half the size contradicts nothing where the L1 table of a small disk is long enough for it too.
    const others = tooShortForHalf ? [clusterBits - 1, clusterBits + 1] : [clusterBits + 1]
    test.each(others.filter((bits) => bits >= 9 && bits <= 21))(
      'a header that says %d bits is not believed',
      async (bits) => {
        const bytes = image()
        bytes.writeUInt32BE(bits, 20)
        expect(await believed(bytes)).toBe(clusterBits)
      },
    )
  },
)
