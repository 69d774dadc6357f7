import { afterAll, expect, test } from 'vitest'
import { Qcow2Error } from '../../src/errors.ts'
import { type Image, openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { KINDS } from './blockers/case.ts'
import { Workshop } from './qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

/** The same numbers in every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const EXTREMES = [0, 1, 7, 0x7f, 0x80, 0xff, 0xc3, 0x41]

/** Clusters that hold structures opening reads: bytes elsewhere change nothing at this stage. */
function interesting({ snapshots, owned, activeL1 }: Image): readonly (readonly [number, number])[] {
  return [
    [0, 120],
    [0, 600],
    [activeL1.offset, 16],
    [snapshots.offset, Math.max(1, snapshots.length)],
    ...owned.map(({ offset, length }) => [offset, Math.min(length, 600)] as const),
  ]
}

function mutate(
  bytes: Buffer,
  places: readonly (readonly [number, number])[],
  next: (below: number) => number,
): void {
  for (let left = 1 + next(4); left > 0; left--) {
    const [start, length] = places[next(places.length)] as readonly [number, number]
    const at = start + next(length)
    for (let run = 1 + next(next(4) === 0 ? 12 : 4); run > 0; run--) {
      const value = next(2) === 0 ? (EXTREMES[next(EXTREMES.length)] as number) : next(256)
      if (at + run < bytes.length) bytes[at + run - 1] = value
    }
  }
}

/** Whatever the file claims, what comes out lies in the file. */
function isBounded(image: Image, size: number): boolean {
  const { activeL1, refcountTable, snapshots, owned, virtualSize, findings, geometry } = image
  return (
    [activeL1, ...snapshots.entries.map(({ l1 }) => l1)].every(
      ({ offset, entries }) => offset % geometry.clusterSize === 0 && offset + entries * 8 <= size,
    ) &&
    refcountTable.offset + refcountTable.length <= size &&
    Number.isSafeInteger(virtualSize) &&
    virtualSize >= 0 &&
    snapshots.entries.every(({ diskSize, vmStateSize }) => diskSize >= 0 && vmStateSize >= 0) &&
    owned.every(({ offset, length }) => offset >= 0 && length > 0) &&
    findings.every(({ offset, length }) => offset >= 0 && length >= 0) &&
    findings.length < 1000
  )
}

test.each(['v3', 'v2', 'small', 'backing', 'snapshots', 'bitmaps', 'luks', 'extended', 'data'] as const)(
  '3000 mutations of %s: opened, or not QCOW2 any more',
  async (kind) => {
    const original = workshop.make(kind, KINDS[kind].commands)
    const places = interesting(await openImage(new MemorySource(original)))
    const next = numbers(kind.length * 7919 + kind.charCodeAt(0))
    let opened = 0
    let slowest = 0
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(original)
      mutate(bytes, places, next)
      const cut = next(20) === 0 ? next(bytes.length) : bytes.length
      const started = performance.now()
      try {
        const image = await openImage(new MemorySource(bytes.subarray(0, cut)))
        if (!isBounded(image, cut)) expect.fail(`round ${round}: ${JSON.stringify(image.findings)}`)
        opened++
      } catch (error) {
        if (!(error instanceof Qcow2Error) || error.code !== 'not-qcow2') throw error
      }
      slowest = Math.max(slowest, performance.now() - started)
    }
    expect(opened).toBeGreaterThan(2000)
    expect(slowest).toBeLessThan(5000)
  },
)
