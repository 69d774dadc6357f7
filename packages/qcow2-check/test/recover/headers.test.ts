import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findHeaders } from '../../src/recover/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { readDisk } from '../corpus/content.ts'
import { Scratch } from '../support/scratch.ts'
import { damagedCase } from './look.ts'

async function headersOf(shape: string, damage: string) {
  const made = await damagedCase(shape, damage)
  const found = await findHeaders(new MemorySource(Uint8Array.from(made.bytes), 'image'))
  return { ...made, found }
}

/** Field, and if all of the header is proven then. */
const DAMAGES: readonly (readonly [string, string, boolean])[] = [
  ['v3-64k', 'header/magic-zeroed', true],
  ['v2-4k', 'header/version-zeroed', true],
  ['v3-64k', 'header/cluster-bits-doubled', true],
  ['v3-2M', 'header/cluster-bits-zeroed', true],
  ['v3-512', 'header/size-zeroed', false],
  ['v3-64k', 'header/l1-size-huge', true],
  ['v2-4k', 'header/l1-offset-flipped', true],
  ['blank-64k', 'header/l1-offset-zeroed', true],
  ['v3-64k', 'header/reftable-zeroed', true],
  ['v3-64k', 'header/reftable-clusters-huge', true],
  ['luks-64k', 'header/crypt-zeroed', true],
  ['v3-64k', 'header/order-wrong', true],
  ['zstd-64k', 'header/compression-garbage', true],
  ['v3-64k', 'header/length-odd', true],
  ['v3-64k', 'header/pointers-zeroed', true],
  ['v2-4k', 'header/first-half-zeroed', false],
  ['v3-64k', 'header/zeroed', false],
  ['ext-64k', 'header/cluster-zeroed', false],
  ['v2-4k', 'header/cluster-overwritten', false],
  ['vmstate-64k', 'header/cluster-zeroed', false],
  ['grown-4k', 'header/cluster-overwritten', false],
  ['zstd-64k', 'header/sector-zeroed', false],
  ['v3-512', 'header/partition-table', false],
]

describe('a header', () => {
  it.each(DAMAGES)('%s %s is put together; certain: %s', async (shape, damage, certain) => {
    const { healthy, bytes, found } = await headersOf(shape, damage)
    const [best] = found
    expect(best?.proof).toMatchObject({ kind: 'refcounts', differ: 0 })
    expect(best?.certain).toBe(certain)
    using scratch = new Scratch()
    const path = scratch.file('image.qcow2')
    const image = Buffer.from(bytes)
    image.set(best?.bytes ?? [])
    writeFileSync(path, image)
    for (const [id, { digest }] of healthy.contents)
      expect((await readDisk(healthy.shape, path, id, scratch.file('raw')))?.digest).toBe(digest)
  })

  it('whose backing name lost its length is not certain', async () => {
    const { found } = await headersOf('backed-64k', 'header/backing-size-huge')
    expect(found[0]?.fields).toContainEqual({ name: 'backingFileSize', value: 12, from: 'guessed' })
    expect(found[0]?.certain).toBe(false)
  })

  it('takes from a template what nothing in the file tells', async () => {
    const { healthy, bytes } = await damagedCase('rc1-64k', 'header/cluster-zeroed')
    const source = new MemorySource(Uint8Array.from(bytes), 'image')
    const [best] = await findHeaders(source, { template: healthy.bytes.subarray(0, 4096) })
    expect(best?.fields).toContainEqual({
      name: 'size',
      value: BigInt(healthy.layout.virtualSize),
      from: 'template',
    })
    expect(best?.certain).toBe(true)
  })

  it('is not made up for a file without any', async () => {
    expect(await findHeaders(new MemorySource(new Uint8Array(2 ** 20), 'zeros'))).toEqual([])
  })
})
