import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { ClusterSet } from '../../src/plan/cluster-set.ts'
import { Draft } from '../../src/plan/draft.ts'
import type { Proof } from '../../src/plan/nothing-behind.ts'
import { pinRest } from '../../src/plan/pinned-structure.ts'
import { openFileSource } from '../../src/source/index.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const CLUSTER = 2 * 1024 * 1024
/** QEMU takes 512 MiB worth of clusters in one bitmap. */
const MOST = 256
const LEAKED = MOST + 44

/** An image with leaked clusters that hold a byte each, but for holes. */
function leaky(path: string): number {
  qemu('qemu-img', ['create', '-q', '-f', 'qcow2', '-o', 'cluster_size=2M', path, '1G'])
  const first = Math.ceil(statSync(path).size / CLUSTER)
  const table = Number(readFileSync(path).readBigUInt64BE(48))
  const block = Number(readFileSync(path).readBigUInt64BE(table))
  const file = openSync(path, 'r+')
  try {
    const refcounts = Buffer.alloc(LEAKED * 2)
    for (let at = 0; at < LEAKED; at++) {
      refcounts.writeUInt16BE(1, at * 2)
      writeSync(file, Buffer.from('data'), 0, 4, (first + at) * CLUSTER)
    }
    writeSync(file, refcounts, 0, refcounts.length, block + first * 2)
    writeSync(file, Buffer.alloc(1), 0, 1, (first + LEAKED) * CLUSTER - 1)
  } finally {
    closeSync(file)
  }
  return first
}

/** Nothing of what is leaked is looked at here: hundreds of MiB. */
const UNPROVEN: Proof = {
  mayFree: () => false,
  mayLower: () => false,
  suspected: () => true,
  holdsSomething: () => true,
  isGarbled: () => false,
  mayHoldLost: true,
  content: {
    zero: new ClusterSet(),
    data: new ClusterSet(),
    tables: [],
    targets: new ClusterSet(),
    incomplete: true,
  },
  orphans: true,
}

it('more clusters than QEMU takes in one bitmap have two', { timeout: 240_000 }, async () => {
  using scratch = new Scratch('qcow2-many-pins')
  const path = scratch.file('leaky.qcow2')
  leaky(path)
  const source = openFileSource(path)
  const found = await survey(await openImage(source))
  const draft = new Draft(source, { allow: new Set(['pin-leaks']), without: new Set() })
  const states = { damaged: found, counted: found, left: found, evidence: undefined }
  const after = await pinRest(draft, states, UNPROVEN)
  expect(after.verdict).toBe('consistent')
  const pinned = after.findings.filter(({ code }) => code === 'clusters-pinned')
  expect(pinned.map(({ fields }) => fields.clusters)).toEqual([MOST, LEAKED - MOST])
  source.close?.()
  const file = openSync(path, 'r+')
  for (const { writes } of draft.actions)
    for (const { offset, after: bytes } of writes) writeSync(file, bytes, 0, bytes.length, offset)
  closeSync(file)
  expect(qemu('qemu-img', ['check', path])).toMatchObject({ status: 0 })
  const { stdout } = qemu('qemu-img', ['info', '--output=json', path])
  const { bitmaps } = JSON.parse(stdout)['format-specific'].data
  expect(bitmaps).toMatchObject([{ name: 'qcow2-check-pinned-1' }, { name: 'qcow2-check-pinned-2' }])
})
