import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasPins, survey, surveyWithoutPins } from '../../src/check/index.ts'
import type { ConsentClass } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { PHASES, type PlanOptions, planRepair } from '../../src/plan/index.ts'
import { findEvidence } from '../../src/recover/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { openArguments } from '../corpus/access.ts'
import { type Case, makeCase, writeImage } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { type Shape, shapeNamed } from '../corpus/shape.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { carriedOut } from './carried-out.ts'

const PIN = 'qcow2-check-pinned-1'
const PIN_ONLY: PlanOptions = {
  allow: ['pin-leaks'],
  only: Object.assign(new Set<string>(), { has: (id: string) => id.startsWith('pin-leaks:') }),
}

async function surveyOf(bytes: Uint8Array) {
  return survey(await openImage(new MemorySource(Buffer.from(bytes))))
}

async function planOf(bytes: Uint8Array, options: PlanOptions = {}) {
  const found = await surveyOf(bytes)
  return planRepair(found.image, found, options)
}

async function damaged(shape: string, name: string): Promise<Case> {
  const damage = DAMAGES.find((one) => one.name === name)
  const made = damage && (await makeCase(shapeNamed(shape), damage))
  if (made === undefined) throw new Error(`no ${name} of ${shape}`)
  return made
}

/** With all that is leaked in a pin, and nothing else done. */
async function pinned(made: Case): Promise<Buffer> {
  const plan = await planOf(made.bytes, { allow: ['pin-leaks'] })
  expect(plan.after.verdict).toBe('consistent')
  return carriedOut(made.bytes, plan)
}

class OnDisk {
  readonly path: string
  readonly #shape: Shape

  constructor(scratch: Scratch, made: Case, bytes: Buffer) {
    this.path = writeImage(scratch.path, bytes, made.healthy.companions)
    this.#shape = made.healthy.shape
  }

  check() {
    const { status, stderr } = qemu('qemu-img', ['check', ...openArguments(this.#shape, this.path)])
    return { status, stderr }
  }

  /** What the guest reads, as a digest. */
  guest(): string {
    const out = `${this.path}.raw`
    const args = ['convert', '-O', 'raw', this.path, out]
    expect(qemu('qemu-img', args)).toMatchObject({ status: 0 })
    return createHash('sha256').update(readFileSync(out)).digest('hex')
  }

  bitmaps(): unknown {
    const { stdout } = qemu('qemu-img', ['info', '--output=json', this.path])
    return JSON.parse(stdout)['format-specific'].data.bitmaps
  }
}

const SHAPES = [
  'v3-512',
  'v3-4k-scattered',
  'v3-2M',
  'ext-16k',
  'rc1-64k',
  'rc2-4k',
  'rc64-512',
  'backed-64k',
  'zstd-64k',
]

describe.each(SHAPES)('the data of a lost L2 table, pinned: %s', (name) => {
  it('QEMU finds the image consistent, and works with it', { timeout: 240_000 }, async () => {
    const made = await damaged(name, 'l2/zeroed')
    using scratch = new Scratch('qcow2-pins')
    const reads = new OnDisk(scratch, made, made.bytes).guest()
    const image = new OnDisk(scratch, made, await pinned(made))
    expect(image.check()).toEqual({ status: 0, stderr: '' })
    expect(image.guest()).toBe(reads)
    expect(image.bitmaps()).toMatchObject([{ name: PIN, flags: ['in-use'] }])
    // Two bits count three references, and the disk and two snapshots have them.
    const snapshots = (made.healthy.shape.refcountBits ?? 16) > 2
    if (snapshots) {
      expect(qemu('qemu-img', ['snapshot', '-c', 'new', image.path])).toMatchObject({ status: 0 })
      // Of any image with bitmaps.
      const back = qemu('qemu-img', ['snapshot', '-a', 'new', image.path])
      expect(back.stderr).toContain('Device has active dirty bitmaps')
    }
    const write = ['-c', 'write -P 0x5a 0 64k', '-c', 'flush', image.path]
    expect(qemu('qemu-io', write)).toMatchObject({ status: 0 })
    if (snapshots)
      expect(qemu('qemu-img', ['snapshot', '-d', 'new', image.path])).toMatchObject({ status: 0 })
    expect(image.check()).toEqual({ status: 0, stderr: '' })
    expect(qemu('qemu-img', ['check', '-r', 'all', image.path])).toMatchObject({ status: 0 })
    expect(image.bitmaps()).toMatchObject([{ name: PIN, flags: ['in-use'] }])
  })

  it('no byte of what is pinned is lost, until the bitmap is removed', { timeout: 240_000 }, async () => {
    const made = await damaged(name, 'l2/zeroed')
    using scratch = new Scratch('qcow2-pins')
    const bytes = await pinned(made)
    const { leaked, image } = await surveyWithoutPins(await surveyOf(bytes))
    const { clusterSize } = image.geometry
    const disk = new OnDisk(scratch, made, bytes)
    qemu('qemu-img', ['check', '-r', 'all', disk.path])
    const after = readFileSync(disk.path)
    expect(leaked.length).toBeGreaterThan(0)
    for (const { first, count } of leaked)
      expect(
        after
          .subarray(first * clusterSize, (first + count) * clusterSize)
          .equals(made.bytes.subarray(first * clusterSize, (first + count) * clusterSize)),
      ).toBe(true)
    const resize = ['resize', '-q', disk.path, '+1M']
    expect(qemu('qemu-img', resize).stderr).toContain('is inconsistent and cannot be used')
    expect(qemu('qemu-img', ['bitmap', '--remove', disk.path, PIN])).toMatchObject({ status: 0 })
    expect(disk.check()).toEqual({ status: 0, stderr: '' })
    expect(disk.bitmaps()).toBeUndefined()
    expect(qemu('qemu-img', resize)).toMatchObject({ status: 0 })
  })

  it('a check counts them, and there is nothing left to be planned', async () => {
    const made = await damaged(name, 'l2/zeroed')
    const before = await surveyOf(made.bytes)
    const bytes = await pinned(made)
    const found = await surveyOf(bytes)
    expect(found.verdict).toBe('consistent')
    const [note, ...others] = found.findings.filter(({ code }) => code === 'clusters-pinned')
    expect(others).toEqual([])
    expect(note).toMatchObject({ severity: 'note', fields: { bitmap: PIN, clusters: before.counts.leaks } })
    const plan = await planOf(bytes)
    expect(plan.actions).toEqual([])
    expect(plan.wanted).toEqual([])
  })
})

describe('phases', () => {
  it.each(['v3-64k', 'rc1-64k', 'backed-64k', 'bitmaps-512'])(
    '%s: QEMU never meets a reference to a free cluster, nor an image that it refuses',
    { timeout: 240_000 },
    async (name) => {
      const made = await damaged(name, 'l2/zeroed')
      const plan = await planOf(made.bytes, { allow: ['pin-leaks'] })
      using scratch = new Scratch('qcow2-pins')
      for (let upTo = 1; upTo <= PHASES.length; upTo++) {
        const { status, stderr } = new OnDisk(scratch, made, carriedOut(made.bytes, plan, upTo)).check()
        expect([0, 3]).toContain(status)
        expect(stderr).not.toMatch(/refcount=0 reference=[1-9]/)
      }
    },
  )
})

describe('beside bitmaps that are sound', () => {
  it.each(['bitmaps-64k', 'bitmaps-512'])('%s: they stay what they are', async (name) => {
    const made = await damaged(name, 'l2/zeroed')
    using scratch = new Scratch('qcow2-pins')
    const before = new OnDisk(scratch, made, made.bytes).bitmaps() as unknown[]
    const image = new OnDisk(scratch, made, await pinned(made))
    expect(image.check()).toEqual({ status: 0, stderr: '' })
    expect(image.bitmaps()).toMatchObject([...before, { name: PIN }])
    const [first] = before as { name: string }[]
    expect(qemu('qemu-img', ['bitmap', '--disable', image.path, first?.name ?? ''])).toMatchObject({
      status: 0,
    })
    expect(image.check()).toEqual({ status: 0, stderr: '' })
  })
})

describe('later', () => {
  it.each(['v3-64k-windows', 'v3-512', 'rc64-4k'])(
    '%s: a table is put back, and the pin lets go of it',
    async (name) => {
      const made = await damaged(name, 'l1/entry-zeroed')
      const plan = await planOf(made.bytes, PIN_ONLY)
      expect(new Set(plan.actions.map((action) => action.class))).toEqual(
        new Set(['pin-leaks', 'fix-refcount']),
      )
      const kept = carriedOut(made.bytes, plan)
      expect((await surveyOf(kept)).verdict).toBe('consistent')
      const evidence = await findEvidence(await surveyWithoutPins(await surveyOf(kept)))
      expect(evidence.entryRepairs.length).toBeGreaterThan(0)
      const later = await planOf(kept)
      expect(later.refused).toEqual([])
      expect(later.actions.map(({ code }) => code)).toContain('clusters-pinned')
      const mended = carriedOut(kept, later)
      using scratch = new Scratch('qcow2-pins')
      const image = new OnDisk(scratch, made, mended)
      expect(image.check()).toEqual({ status: 0, stderr: '' })
      const whole = new OnDisk(scratch, made, made.healthy.bytes).guest()
      writeFileSync(image.path, mended)
      expect(image.guest()).toBe(whole)
      expect(image.bitmaps()).toBeUndefined()
      expect(hasPins(await surveyOf(mended))).toBe(false)
    },
  )

  it('more leaks get a bitmap of their own', async () => {
    const made = await damaged('v3-64k', 'l2/zeroed')
    const bytes = await pinned(made)
    const { image, clusters } = await surveyOf(bytes)
    const { clusterSize } = image.geometry
    const more = Buffer.concat([bytes, Buffer.alloc(clusterSize, 0xd1)])
    const block = made.healthy.layout.refcountBlocks[0] as number
    more.writeUInt16BE(1, block + clusters * 2)
    const again = await planOf(more, { allow: ['pin-leaks'] })
    using scratch = new Scratch('qcow2-pins')
    const disk = new OnDisk(scratch, made, carriedOut(more, again))
    expect(disk.check()).toEqual({ status: 0, stderr: '' })
    expect(disk.bitmaps()).toMatchObject([{ name: PIN }, { name: 'qcow2-check-pinned-2' }])
  })
})

describe('consent', () => {
  it('version 2 has no bitmaps: leaks stay as they are', async () => {
    const { bytes } = await damaged('v2-4k', 'l2/zeroed')
    const plan = await planOf(bytes, { allow: ['pin-leaks'] })
    expect(plan.actions).toEqual([])
    expect(plan.after.verdict).toBe('leaks')
  })

  it('is not asked for where a disk has lost what is leaked: it would be called consistent', async () => {
    const { bytes } = await damaged('v3-64k', 'l2/zeroed')
    const wanted = (await planOf(bytes)).wanted.map((one) => one.class)
    expect(wanted).not.toContain<ConsentClass>('pin-leaks')
  })

  it('is asked for together with that of dropping bitmaps whose clusters are not all known', async () => {
    const { bytes } = await damaged('bitmaps-64k', 'bitmaps/directory-zeroed')
    const { wanted } = await planOf(bytes)
    expect(wanted.map((one) => one.class)).toEqual(['drop-bitmaps', 'pin-leaks'])
  })
})
