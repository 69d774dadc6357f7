import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { qemuImg } from '../support/qemu.ts'
import type { Scratch } from '../support/scratch.ts'

/** The bytes that `qemu-img convert` reads from a disk of an image, its backing chain included. */
export function guestBytes(
  scratch: Scratch,
  path: string,
  snapshot?: string,
  more: readonly string[] = [],
): Buffer {
  const raw = scratch.file('reference.raw')
  const which = snapshot === undefined ? [] : ['-l', `snapshot.id=${snapshot}`]
  const from = more.length > 0 ? more : ['-f', 'qcow2', path]
  qemuImg(['convert', '-O', 'raw', ...which, ...from, raw])
  return readFileSync(raw)
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
