import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { qemuAsync } from '../support/qemu.ts'
import { openArguments } from './access.ts'
import type { Shape } from './shape.ts'

/** What a guest sees: only what isn't zero is kept. */
export interface Content {
  readonly size: number
  /** sha256 of its size and pieces. */
  readonly digest: string
  /** sha256 of each, by guest offset: the bytes of all shapes would make it dear to start a program from here. */
  readonly pieces: ReadonlyMap<number, string>
  /** QEMU could not read all of it; what it could not is zeros here. */
  readonly salvaged?: true
}

const READ = 2 ** 20

export function contentOf(rawFile: string, piece: number): Content {
  const descriptor = openSync(rawFile, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const hash = createHash('sha256').update(`${size}:`)
    const pieces = new Map<number, string>()
    const buffer = Buffer.alloc(READ)
    const zeros = Buffer.alloc(READ)
    for (let start = 0; start < size; start += READ) {
      const got = readSync(descriptor, buffer, 0, Math.min(READ, size - start), start)
      if (buffer.compare(zeros, 0, got, 0, got) === 0) continue
      for (let at = 0; at < got; at += piece) {
        const end = Math.min(at + piece, got)
        if (buffer.compare(zeros, 0, end - at, at, end) === 0) continue
        const digest = createHash('sha256').update(buffer.subarray(at, end)).digest('base64')
        pieces.set(start + at, digest)
        hash.update(`${start + at}:${digest}`)
      }
    }
    return { size, digest: hash.digest('hex'), pieces }
  } finally {
    closeSync(descriptor)
  }
}

/** As QEMU reads it; undefined where QEMU can't open it. */
export async function readDisk(
  shape: Shape,
  path: string,
  snapshot: string | undefined,
  scratch: string,
): Promise<Content | undefined> {
  const piece = Math.min(shape.clusterSize, 65536)
  const which = snapshot === undefined ? [] : ['-l', `snapshot.id=${snapshot}`]
  const args = [...which, '-O', 'raw', ...openArguments(shape, path), scratch]
  const whole = await qemuAsync('qemu-img', ['convert', ...args], dirname(path))
  if (whole.status === 0) return contentOf(scratch, piece)
  if (!/error while reading|Input\/output error/i.test(whole.stderr)) return undefined
  const part = await qemuAsync('qemu-img', ['convert', '--salvage', ...args], dirname(path))
  return part.status === 0 ? { ...contentOf(scratch, piece), salvaged: true } : undefined
}

/** Guest offsets of the pieces in which two disks differ. */
export function differences(one: Content, other: Content): number[] {
  const places = new Set<number>()
  for (const [offset, digest] of one.pieces) if (other.pieces.get(offset) !== digest) places.add(offset)
  for (const offset of other.pieces.keys()) if (!one.pieces.has(offset)) places.add(offset)
  return [...places].sort((a, b) => a - b)
}
