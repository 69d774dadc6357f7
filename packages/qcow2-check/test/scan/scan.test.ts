import { chmodSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { scan } from '../../src/scan/index.ts'
import { qemu, qemuImg } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { makeFleet, makeImage, scanned } from './fleet.ts'

let scratch: Scratch
beforeEach(() => {
  scratch = new Scratch('qcow2-scan')
})
afterEach(() => scratch[Symbol.dispose]())

const SOUND = 6

it('takes images by what they begin with, and *.qcow2; follows no link; is stopped by none', async () => {
  const root = makeFleet(scratch, SOUND)
  const results = await scanned(root)
  expect([...results].map(([path, { verdict }]) => [path, verdict]).sort()).toEqual([
    ['others/6f2c1d7e-broken', 'corrupt'],
    ['others/wiped.qcow2', 'not-qcow2'],
    ...Array.from({ length: SOUND }, (_, number) => [`sound/${number}.qcow2`, 'consistent']),
  ])
})

it('says of each image what qemu-img check counts', async () => {
  const root = makeFleet(scratch, 1)
  const results = await scanned(root)
  for (const path of ['sound/0.qcow2', 'others/6f2c1d7e-broken']) {
    const { image } = results.get(path) ?? {}
    const said = JSON.parse(qemu('qemu-img', ['check', '--output=json', `${root}/${path}`]).stdout)
    expect(image?.counts.corruptions).toBe(said.corruptions ?? 0)
    expect(image?.counts.allocatedClusters).toBe(said['allocated-clusters'])
    expect(image?.counts.imageEndOffset).toBe(said['image-end-offset'])
  }
  expect(results.get('others/6f2c1d7e-broken')?.image?.codes).toMatchObject({ 'refcount-low': 1 })
})

it('parts the images into shards: each in exactly one, the same every time', async () => {
  const root = makeFleet(scratch, SOUND)
  const all = [...(await scanned(root)).keys()].sort()
  const shards = await Promise.all([0, 1, 2].map((index) => scanned(root, { shard: { index, count: 3 } })))
  expect(shards.flatMap((shard) => [...shard.keys()]).sort()).toEqual(all)
})

it('goes on after what cannot be read, and says so', async () => {
  const root = makeFleet(scratch, 1)
  mkdirSync(`${root}/loop`)
  const odd = Buffer.concat([Buffer.from(`${root}/loop/`), Buffer.from([0xff, 0xfe]), Buffer.from('.qcow2')])
  makeImage(`${root}/plain.qcow2`)
  renameSync(`${root}/plain.qcow2`, odd)
  writeFileSync(`${root}/short.qcow2`, '')
  truncateSync(`${root}/short.qcow2`, 2)
  const found: (readonly [string | Buffer, string])[] = []
  for await (const { path, verdict } of scan([root])) found.push([path, verdict])
  expect(found.find(([path]) => Buffer.isBuffer(path))).toEqual([odd, 'consistent'])
  expect(found.find(([path]) => path === `${root}/short.qcow2`)?.[1]).toBe('not-qcow2')
})

it('takes what the patterns say, whatever it begins with', async () => {
  const root = makeFleet(scratch, 2)
  const results = await scanned(root, { include: ['*.raw', '0.qcow2'], exclude: ['wiped*'] })
  expect([...results].map(([path, { verdict }]) => [path, verdict]).sort()).toEqual([
    ['others/disk.raw', 'not-qcow2'],
    ['sound/0.qcow2', 'consistent'],
  ])
})

it('gives up on an image after its budget, not on the scan', async () => {
  const root = scratch.file('big')
  mkdirSync(root)
  makeImage(`${root}/a.qcow2`)
  qemuImg([
    'create',
    '-q',
    '-f',
    'qcow2',
    '-o',
    'preallocation=metadata,cluster_size=4k',
    `${root}/big.qcow2`,
    '24G',
  ])
  const results = await scanned(root, { budget: 1 })
  expect(results.get('big.qcow2')).toMatchObject({ verdict: 'failed', error: { code: 'budget' } })
  expect(results.size).toBe(2)
})

it('stops when it is told to', async () => {
  const root = makeFleet(scratch, SOUND)
  const stop = new AbortController()
  const reason = new Error('stopped')
  await expect(async () => {
    for await (const _ of scan([root], { signal: stop.signal, jobs: 1 })) stop.abort(reason)
  }).rejects.toBe(reason)
})

it('refuses a folder that is not there', async () => {
  await expect(scanned(scratch.file('nowhere'))).rejects.toMatchObject({ code: 'missing' })
  mkdirSync(scratch.file('shut'))
  chmodSync(scratch.file('shut'), 0o700)
  expect((await scanned(scratch.file('shut'))).size).toBe(0)
})
