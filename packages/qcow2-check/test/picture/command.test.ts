import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentsOf } from '../schema/documents.ts'
import { qcow2Check } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { makeSnapshotImage } from './images.ts'

const scratch = new Scratch('qcow2-map-command')
const image = scratch.file('image.qcow2')
beforeAll(() => makeSnapshotImage(image))
afterAll(() => scratch[Symbol.dispose]())

it.each([
  ['out.svg', /^<\?xml .*<svg /s],
  ['out.html', /^<!doctype html>/],
  ['out.json', /^\{"schema":"qcow2-check\/cluster-map@1"/],
])('writes %s', (name, text) => {
  const ran = qcow2Check(['map', image, '-o', scratch.file(name), '--json'])
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  const [document] = documentsOf(ran.stdout)
  expect(document).toMatchObject({ verdict: 'consistent', clusterSize: 65_536, totals: { shared: 8 } })
  const written = readFileSync(scratch.file(name), 'utf8')
  expect(written).toMatch(text)
  if (name.endsWith('.json')) documentsOf(written)
})

it.each([
  [[image, '-o', 'map.png'], /must end in \.svg, \.html or \.json/],
  [[image], /--output/],
  [[image, '-o', image], /must end in|is an input/],
])('map %j is wrong usage', (args, text) => {
  const ran = qcow2Check(['map', ...args], { cwd: scratch.path })
  expect(ran.status).toBe(64)
  expect(ran.stderr).toMatch(text)
  expect(existsSync(scratch.file('map.png'))).toBe(false)
})
