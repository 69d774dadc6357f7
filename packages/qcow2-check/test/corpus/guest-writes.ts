import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { guestData, prose, shuffled } from '../support/noise.ts'
import type { Shape } from './shape.ts'

const K = 1024

/** Bytes of guest disk that one L2 table maps. */
export function windowOf(shape: Shape): number {
  return (shape.clusterSize / (shape.extendedL2 ? 16 : 8)) * shape.clusterSize
}

interface Written {
  readonly offset: number
  readonly length: number
  readonly how: 'data' | 'compressed' | 'zero' | 'discard'
}

/**
 * What the guest does before the first snapshot (generation 0) and after each: it writes, overwrites, zeroes and
 * discards, in every window but the last, which stays empty; the one before it is first used in generation 2.
 */
function writesOf(shape: Shape, generation: number): Written[] {
  const { clusterSize } = shape
  const size = generation > 0 ? (shape.resizedTo ?? shape.virtualSize) : shape.virtualSize
  const window = windowOf(shape)
  const windows = Math.ceil(size / window)
  const used = windows < 3 ? windows : generation < 2 ? windows - 2 : windows - 1
  // Of a large cluster only the first part is written: the file stays small in memory, the cluster is allocated whole.
  const unit = Math.min(clusterSize, 64 * K)
  const result: Written[] = []
  for (let at = 0; at < Math.min(used, 6); at++) {
    const put = (cluster: number, how: Written['how'] = 'data', clusters = 1) => {
      const offset = at * window + cluster * clusterSize
      const length = how === 'data' ? (clusters - 1) * clusterSize + unit : clusters * clusterSize
      if (offset + length <= size) result.push({ offset, length, how })
    }
    if (generation === 0) {
      put(0, 'data', clusterSize > 64 * K ? 1 : 3)
      put(5)
      put(7)
      put(9, 'zero')
      put(3)
      if (shape.compressed) for (const cluster of [11, 12, 13]) put(cluster, 'compressed')
    } else {
      put((generation * 3) % 8)
      put(16 + generation)
      if (shape.extendedL2) {
        const part = clusterSize / 32
        result.push({ offset: at * window + 26 * clusterSize + generation * part, length: part, how: 'data' })
      }
      if (generation === 2) put(9)
      if (generation === 3) put(17, 'discard')
      // What is allocated can't be written compressed: a new one, and a plain one over an old one.
      if (shape.compressed && generation < 3) put(13 + generation, 'compressed')
      if (shape.compressed && generation === 2) put(12)
    }
  }
  return shape.scattered ? shuffled(result, `${shape.name}/${generation}`) : result
}

/** The commands that make qemu-io write a generation; the bytes lie in files of the folder. */
export function writeCommands(shape: Shape, generation: number, folder: string): string[] {
  if (shape.blank) return []
  return writesOf(shape, generation).flatMap(({ offset, length, how }, number) => {
    if (how === 'zero') return ['-c', `write -q -z ${offset} ${length}`]
    if (how === 'discard') return ['-c', `discard -q ${offset} ${length}`]
    const seed = `${shape.name}/${generation}/${offset}`
    const file = join(folder, `write-${generation}-${number}`)
    writeFileSync(file, how === 'compressed' ? prose(seed, length) : guestData(seed, length))
    return ['-c', `write -q ${how === 'compressed' ? '-c ' : ''}-s ${file} ${offset} ${length}`]
  })
}

/** Pieces of the image's own metadata, written where the guest can have them: beyond what the generations use. */
export function decoyCommands(shape: Shape, pieces: readonly Buffer[], folder: string): string[] {
  return pieces.flatMap((piece, number) => {
    const file = join(folder, `decoy-${number}`)
    writeFileSync(file, piece)
    return ['-c', `write -q -s ${file} ${(30 + number) * shape.clusterSize} ${shape.clusterSize}`]
  })
}
