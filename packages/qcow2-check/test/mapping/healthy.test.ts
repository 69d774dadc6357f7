import { afterAll, describe, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import type { Extent } from '../../src/mapping/index.ts'
import { mapping } from '../../src/mapping/index.ts'
import { openFileSource } from '../../src/source/index.ts'
import { qemuImg } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { collect } from './collect.ts'
import { KINDS, makeImage } from './make-image.ts'

const scratch = new Scratch('qcow2-mapping')
afterAll(() => scratch[Symbol.dispose]())

type Line = readonly [kind: string, offset: number, length: number, host: number | undefined]

/** Joined as far as both sides can be. */
function joined(lines: readonly Line[]): Line[] {
  const out: [string, number, number, number | undefined][] = []
  for (const [kind, offset, length, host] of lines) {
    const last = out.at(-1)
    const continues = last?.[3] === undefined ? host === undefined : host === last[3] + last[2]
    if (last && last[0] === kind && continues) last[2] += length
    else out.push([kind, offset, length, host])
  }
  return out
}

interface MapEntry {
  readonly start: number
  readonly length: number
  readonly depth: number
  readonly present: boolean
  readonly zero: boolean
  readonly data: boolean
  readonly offset?: number
}

function asQemuSees(path: string): Line[] {
  const entries = JSON.parse(qemuImg(['map', '--output=json', '-f', 'qcow2', path])) as MapEntry[]
  return joined(
    entries.map(({ start, length, depth, present, zero, data, offset }): Line => {
      if (depth > 0 || !present) return ['backing', start, length, undefined]
      if (data && offset !== undefined) return ['data', start, length, offset]
      if (data) return ['compressed', start, length, undefined]
      if (!zero) throw new Error(`what is this: ${JSON.stringify({ start, depth })}`)
      return ['zero', start, length, undefined]
    }),
  )
}

const lines = (extents: readonly Extent[]) =>
  joined(
    extents.map(
      ({ kind, offset, length, host }): Line => [kind, offset, length, kind === 'data' ? host : undefined],
    ),
  )

describe('the active disk is mapped as qemu-img map sees it', () => {
  test.each(KINDS)('$name', async (kind) => {
    const { path, dataFile } = makeImage(scratch, kind)
    const source = openFileSource(path)
    const data = dataFile === undefined ? undefined : openFileSource(dataFile)
    const image = await openImage(source, data ? { dataFile: data } : {})
    const extents = await collect(mapping(image))
    source.close()
    data?.close()
    expect(lines(extents)).toEqual(asQemuSees(path))
  })
})
