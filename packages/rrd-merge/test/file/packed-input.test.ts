import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readPacked } from '../../src/file/packed-input.ts'
import { compareRrds, rrdFromBytes } from '../../src/index.ts'
import { rrdtool, wholeFile } from '../support/sample-pair.ts'
import { scratch } from '../support/tree.ts'

const opened = (content: Uint8Array): number => {
  const path = join(scratch(), 'a.rrd.gz')
  writeFileSync(path, content)
  const fd = openSync(path, 'r')
  onTestFinished(() => closeSync(fd))
  return fd
}

const xml = (): Buffer => {
  const path = join(scratch(), 'a.rrd')
  writeFileSync(path, wholeFile())
  return Buffer.from(rrdtool('dump', path))
}

/** The file with another number of rows in its first archive, as le64 has it (rra_def.row_cnt). */
const withRows = (rows: bigint): Buffer => {
  const bytes = wholeFile()
  bytes.writeBigUInt64LE(rows, 128 + 2 * 120 + 24)
  return bytes
}

describe('gzip', () => {
  it.each([
    ['a file', wholeFile],
    ['a dump', xml],
  ])('inflates %s up to the bound, and no further', async (_, content) => {
    const bytes = content()
    const rrd = await readPacked(opened(gzipSync(bytes)), 'gzip', undefined, bytes.length)
    expect(compareRrds(rrd, rrdFromBytes(wholeFile())).same).toBe(true)
    const refused = readPacked(opened(gzipSync(bytes)), 'gzip', undefined, bytes.length - 1)
    await expect(refused).rejects.toMatchObject({ code: 'EREAD', remedy: expect.stringMatching(/gunzip/) })
  })

  it('is not inflated for a header that asks for more than anybody has', async () => {
    const bomb = gzipSync(Buffer.concat([withRows(2n ** 34n), Buffer.alloc(2 ** 20)]))
    await expect(readPacked(opened(bomb), 'gzip')).rejects.toMatchObject({
      code: 'EREAD',
      message: expect.stringMatching(/header asks for/),
    })
  })
})
