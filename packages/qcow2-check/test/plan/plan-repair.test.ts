import { describe, expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { fingerprintOf, PHASES, type PlanOptions, planForCheck, planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { openArguments } from '../corpus/access.ts'
import { makeCase, writeImage } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Workpiece } from '../corpus/workpiece.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { carriedOut } from './carried-out.ts'

async function lookAt(bytes: Uint8Array) {
  const image = await openImage(new MemorySource(Buffer.from(bytes)))
  return { image, found: await survey(image) }
}

async function planOf(bytes: Uint8Array, options: PlanOptions = {}) {
  const { image, found } = await lookAt(bytes)
  return planRepair(image, found, options)
}

const damaged = async (shape: string, name: string) => {
  const damage = DAMAGES.find((one) => one.name === name)
  const made = damage && (await makeCase(shapeNamed(shape), damage))
  if (made === undefined) throw new Error(`no ${name} of ${shape}`)
  return made
}

const SAMPLES = [
  'refcount/zero-data',
  'copied/all-inverted',
  'snapshot-table/zeroed',
  'snapshot-table/l1-flipped',
  'unfinished/refcounts-old',
  'unfinished/table-absent',
  'refcounts/table-zeroed',
  'header/reftable-zeroed',
  'header/version-zeroed',
  'l2-entry/reserved',
]

describe.each(SAMPLES)('%s', (name) => {
  it('leaves nothing to be planned once it was carried out, in the order of its phases', async () => {
    const { bytes } = await damaged('v3-512', name)
    const plan = await planOf(bytes)
    expect(plan.refused).toEqual([])
    const again = await planOf(carriedOut(bytes, plan))
    expect(again.actions.map(({ id }) => id)).toEqual([])
    expect(again.after.verdict).toBe(plan.after.verdict)
  })
})

describe('phases', () => {
  const restored = ['snapshot-table/zeroed', 'unfinished/refcounts-old', 'snapshot-table/offset-unaligned']
  it.each(restored)(
    '%s: QEMU never meets a reference to a free cluster that was none before',
    async (name) => {
      const made = await damaged('v3-64k', name)
      const plan = await planOf(made.bytes)
      using scratch = new Scratch('qcow2-phases')
      const free = (bytes: Buffer) => {
        const path = writeImage(scratch.path, bytes, made.healthy.companions)
        const { stdout, stderr } = qemu('qemu-img', ['check', ...openArguments(made.healthy.shape, path)])
        return (stdout + stderr).match(/refcount=0 reference=[1-9]/g)?.length ?? 0
      }
      const first = free(made.bytes)
      for (let upTo = 1; upTo <= PHASES.length; upTo++)
        expect(free(carriedOut(made.bytes, plan, upTo)), PHASES[upTo - 1]).toBeLessThanOrEqual(first)
    },
  )
})

describe('check -r', () => {
  it('leaks: lowers what is proven to be too high, and touches nothing else', async () => {
    const work = new Workpiece(await makeHealthy(shapeNamed('v3-64k')))
    work.setRefcount(0, 3)
    work.setRefcount(work.dataOf(work.active)[0]?.host ?? 0, 0)
    const { image, found } = await lookAt(work.bytes)
    const plan = await planForCheck(image, found, 'leaks')
    expect(plan.actions.map(({ class: name, code }) => [name, code])).toEqual([
      ['fix-refcount', 'refcount-high'],
    ])
    expect(plan.after.verdict).toBe('corrupt')
  })

  it('all: never what needs consent', async () => {
    const { bytes } = await damaged('v3-64k', 'l2-entry/reserved')
    const { image, found } = await lookAt(bytes)
    const plan = await planForCheck(image, found, 'all')
    expect(plan.actions).toEqual([])
    expect(plan.after.verdict).toBe('corrupt')
    expect(plan.wanted).toEqual([])
  })
})

describe('leaked data', () => {
  it('is not freed without consent, whatever is mapped elsewhere', async () => {
    const { bytes } = await damaged('v3-64k', 'l2-entry/zeroed')
    expect((await planOf(bytes)).actions.filter(({ code }) => code === 'leak')).toEqual([])
  })

  it('of a lost L2 table is not freed with consent either', async () => {
    const { bytes } = await damaged('v3-64k-windows', 'l1/entry-zeroed')
    const plan = await planOf(bytes, { allow: ['free-leaks'] })
    expect(plan.actions.filter(({ class: name }) => name === 'free-leaks')).toEqual([])
  })
})

describe('consent', () => {
  it('is asked for by name, and each class that is named helps', async () => {
    const { bytes } = await damaged('v3-64k', 'l2-entry/reserved')
    const plan = await planOf(bytes)
    expect(plan.wanted).toEqual([{ class: 'clear-reserved', codes: ['l2-entry-reserved'] }])
    const allowed = await planOf(bytes, { allow: ['clear-reserved'] })
    expect(allowed.after.verdict).toBe('consistent')
  })

  it('of a selection: only its actions, with the refcounts that they need', async () => {
    const { bytes } = await damaged('v3-64k', 'unfinished/refcounts-old')
    const plan = await planOf(bytes)
    const raise = plan.actions.filter(({ writes }) => writes.every(({ phase }) => phase === 'raise'))
    const only = new Set(raise.map(({ id }) => id))
    const some = await planOf(bytes, { only })
    expect(some.actions.map(({ id }) => id)).toEqual([...only])
  })
})

describe('fingerprint', () => {
  it('is the same for the same image, and another for another byte of metadata', async () => {
    const work = new Workpiece(await makeHealthy(shapeNamed('v3-4k')))
    const of = async () => (await fingerprintOf((await lookAt(work.bytes)).found)).digest
    const digest = await of()
    expect(await of()).toBe(digest)
    const places = [
      60,
      work.active.l1.offset,
      work.active.l2[0]?.offset ?? 0,
      work.snapshots[0]?.l1.offset ?? 0,
      work.layout.refcountBlocks[0] ?? 0,
      work.layout.snapshotTable.offset + 20,
    ]
    for (const place of places) {
      const byte = work.bytes[place] as number
      work.bytes[place] = byte ^ 1
      expect(await of(), `byte ${place}`).not.toBe(digest)
      work.bytes[place] = byte
    }
    const data = work.dataOf(work.active)[0]?.host ?? 0
    work.bytes[data] = (work.bytes[data] as number) ^ 1
    expect(await of()).toBe(digest)
  })
})
