import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { rrdFromBytes, writeXml } from '../../src/index.ts'
import { mergeJson, rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { listing, putTree, scratch } from '../support/tree.ts'

const xml = [...writeXml(rrdFromBytes(wholeFile()), { precision: 'exact' })].join('')

const BROKEN: readonly (readonly [what: string, bytes: Uint8Array | string, code: string])[] = [
  ['an empty file', '', 'ETRUNC'],
  ['a text', 'hello\n', 'ENOTRRD'],
  ['a file cut short', wholeFile().subarray(0, -1), 'ETRUNC'],
  ['a dump cut short', xml.slice(0, 3000), 'EXML'],
  ['a compressed dump cut short', gzipSync(xml).subarray(0, 1500), 'ETRUNC'],
  ['a compressed file cut short', gzipSync(wholeFile()).subarray(0, 900), 'ETRUNC'],
  ['a compressed file with damage', damaged(gzipSync(xml)), 'ENOTRRD'],
]

function damaged(bytes: Buffer): Buffer {
  // Its first block after the ten bytes of gzip's header is of no type there is.
  return bytes.fill(0xff, 10, 64)
}

describe.each(BROKEN)('%s', (_, bytes, code) => {
  const make = () => putTree(scratch(), { 'old.rrd': wholeFile(), 'new.rrd': holed(), 'bad.rrd': bytes })

  it('is refused as OLD and as NEW, by its own name, and nothing is written', () => {
    for (const [pair, target] of [
      [['bad.rrd', 'new.rrd'], 'new.rrd'],
      [['old.rrd', 'bad.rrd', 'new.rrd'], 'new.rrd'],
      [['old.rrd', 'bad.rrd'], 'bad.rrd'],
    ] as const) {
      const folder = make()
      const before = listing(folder)
      const { status, files, error, stderr } = mergeJson(pair, { cwd: folder })
      expect({ status, path: files[0]?.path, error: files[0]?.error }).toMatchObject({
        status: 1,
        path: target,
        error: { code, message: expect.stringMatching(target === 'new.rrd' ? /bad\.rrd: / : /\w/) },
      })
      expect(stderr).toContain('bad.rrd')
      expect(error).toEqual(files[0]?.error)
      expect(listing(folder)).toEqual(before)
    }
  })

  it.each([
    ['info', 'bad.rrd'],
    ['coverage', 'bad.rrd'],
    ['check', 'bad.rrd'],
    ['dump', 'bad.rrd', '-o', 'out'],
    ['diff', 'old.rrd', 'bad.rrd'],
    ['convert', 'bad.rrd', '-o', 'out'],
    ['restore', 'bad.rrd', '-o', 'out'],
  ])('is refused by %s, which names it', (...command) => {
    const folder = make()
    const before = listing(folder)
    const { status, stderr } = rrdMerge(command, { cwd: folder })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^rrd-merge: error: (?:\S*\/)?bad\.rrd: (?!.*internal error)/),
    })
    expect(listing(join(folder))).toEqual(before)
    const document = JSON.parse(rrdMerge([...command, '--json'], { cwd: folder }).stdout)
    expect(document.error).toMatchObject({ code, message: expect.stringContaining('bad.rrd: ') })
  })
})
