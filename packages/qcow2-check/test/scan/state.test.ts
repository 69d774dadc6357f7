import {
  appendFileSync,
  chownSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { scan } from '../../src/scan/index.ts'
import { STRANGER } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { forgetData, makeFleet, scanned } from './fleet.ts'

let scratch: Scratch
let root: string
let state: string
beforeEach(() => {
  scratch = new Scratch('qcow2-state')
  root = makeFleet(scratch, 4)
  state = scratch.file('state')
})
afterEach(() => scratch[Symbol.dispose]())

const remembered = async (): Promise<Readonly<Record<string, boolean>>> =>
  Object.fromEntries([...(await scanned(root, { state }))].map(([path, result]) => [path, result.remembered]))

it('looks again only at what changed', async () => {
  const first = await scanned(root, { state })
  expect([...first.values()].some((result) => result.remembered)).toBe(false)
  const second = await scanned(root, { state })
  for (const [path, result] of second) {
    const { milliseconds, ...before } = first.get(path) ?? {}
    expect(result).toEqual({ ...before, milliseconds, remembered: true })
  }
  forgetData(`${root}/sound/2.qcow2`)
  const third = await scanned(root, { state })
  expect(third.get('sound/2.qcow2')).toMatchObject({ remembered: false, verdict: 'corrupt' })
  expect([...third.values()].filter((result) => !result.remembered).length).toBe(1)
})

it('goes on with a scan that was stopped in its midst', async () => {
  let taken = 0
  for await (const _ of scan([root], { state, jobs: 1 })) if (++taken === 3) break
  // What a kill leaves of the line that was being written.
  appendFileSync(state, '{"key":"/torn')
  const done = Object.values(await remembered()).filter(Boolean).length
  expect(done).toBeGreaterThanOrEqual(3)
  expect(Object.values(await remembered()).every(Boolean)).toBe(true)
})

it('forgets files that are gone, and believes no line that makes no sense', async () => {
  await scanned(root, { state })
  rmSync(`${root}/sound/1.qcow2`)
  appendFileSync(state, '{"key":1}\nnull\n{"key":"x","identity":{},"result":{"verdict":"fine"}}\n[]\n')
  expect((await scanned(root, { state })).size).toBe(5)
  const lines = readFileSync(state, 'utf8').trim().split('\n')
  expect(lines.length).toBe(1 + 5)
  expect(lines.some((line) => line.includes('sound/1.qcow2'))).toBe(false)
})

it('is private, and no other file is taken for one', async () => {
  await scanned(root, { state })
  expect(statSync(state).mode & 0o777).toBe(0o600)
  const other = scratch.file('other')
  writeFileSync(other, 'dear diary\n')
  await expect(scanned(root, { state: other })).rejects.toMatchObject({ code: 'refused' })
  expect(readFileSync(other, 'utf8')).toBe('dear diary\n')
  symlinkSync(state, scratch.file('link'))
  await expect(scanned(root, { state: scratch.file('link') })).rejects.toMatchObject({ code: 'refused' })
})

it('believes nobody but the caller and root', async () => {
  await scanned(root, { state })
  chownSync(state, STRANGER, STRANGER)
  await expect(scanned(root, { state })).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining(`belongs to uid ${STRANGER}`),
  })
})
