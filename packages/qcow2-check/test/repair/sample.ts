import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import {
  type Action,
  fingerprintOf,
  type ImageFingerprint,
  type Phase,
  type Plan,
} from '../../src/plan/index.ts'
import { openFileSource } from '../../src/source/index.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

/** A folder of its own for one test. */
export function folder(): string {
  const made = new Scratch('qcow2-repair')
  onTestFinished(() => made[Symbol.dispose]())
  return made.path
}

/** An image of six clusters and some guest data. */
export function image(where = folder(), name = 'disk.qcow2'): string {
  const file = join(where, name)
  qemuImg(['create', '-q', '-f', 'qcow2', file, '4M'])
  qemuIo(['-c', 'write -P 0x5a 0 128k', file])
  return file
}

export function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

export interface Edit {
  readonly offset: number
  readonly after: Uint8Array
  readonly phase: Phase
}

/** A plan that makes these edits, each an action of its own; no such damage exists. */
export async function planOf(file: string, edits: readonly Edit[], finalSize?: number): Promise<Plan> {
  const fd = openSync(file, 'r')
  try {
    const { size } = statSync(file)
    const overlay = new Map<number, number>()
    const actions = edits.map(({ offset, after, phase }, index): Action => {
      const before = Buffer.alloc(Math.max(0, Math.min(after.length, size - offset)))
      readSync(fd, before, 0, before.length, offset)
      for (let at = 0; at < before.length; at++) before[at] = overlay.get(offset + at) ?? before.readUInt8(at)
      after.forEach((byte, at) => void overlay.set(offset + at, byte))
      return {
        id: `fix-flags copied-flag ${index}`,
        class: 'fix-flags',
        safe: true,
        lossy: false,
        code: 'copied-flag',
        why: 'made up',
        writes: [{ offset, before, after, phase }],
        guest: [],
        snapshots: [],
      }
    })
    const end = edits.reduce((most, { offset, after }) => Math.max(most, offset + after.length), size)
    return {
      fingerprint: await fingerprintOfFile(file),
      actions,
      finalSize: finalSize ?? end,
      after: { verdict: 'consistent', counts: NO_COUNTS, findings: [] },
      wanted: [],
      refused: [],
    }
  } finally {
    closeSync(fd)
  }
}

async function fingerprintOfFile(file: string): Promise<ImageFingerprint> {
  const source = openFileSource(file)
  try {
    return await fingerprintOf(await survey(await openImage(source)))
  } finally {
    source.close()
  }
}

const NO_COUNTS = {
  checkErrors: 0,
  corruptions: 0,
  leaks: 0,
  totalClusters: 0,
  allocatedClusters: 0,
  fragmentedClusters: 0,
  compressedClusters: 0,
  imageEndOffset: 0,
}

/** What the file holds once all edits are made. */
export function edited(file: string, edits: readonly Edit[], finalSize?: number): Buffer {
  const now = readFileSync(file)
  const end = edits.reduce((most, { offset, after }) => Math.max(most, offset + after.length), now.length)
  const then = Buffer.alloc(finalSize ?? end)
  now.copy(then)
  for (const { offset, after } of edits) then.set(after, offset)
  return then
}

/** Edits of every phase: new clusters at the end, refcounts, an L2 entry, the header, and bytes that are edited twice. */
export function manyEdits(file: string): Edit[] {
  const { size } = statSync(file)
  return [
    { offset: size, after: Buffer.alloc(65536, 0xa1), phase: 'append' },
    { offset: 2 * 65536, after: Buffer.alloc(64, 0xb2), phase: 'raise' },
    { offset: 3 * 65536 + 8, after: Buffer.alloc(8, 0xc3), phase: 'link' },
    { offset: 3 * 65536 + 800, after: Buffer.alloc(8, 0xc4), phase: 'link' },
    { offset: 60, after: Buffer.alloc(12, 0xd5), phase: 'header' },
    { offset: 2 * 65536 + 32, after: Buffer.alloc(64, 0xe6), phase: 'lower' },
    { offset: size + 4096, after: Buffer.alloc(100, 0xf7), phase: 'link' },
  ]
}
