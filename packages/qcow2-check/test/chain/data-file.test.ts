import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { checkDataFile } from '../../src/chain/index.ts'
import { openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { ChainFolder, MIB } from './images.ts'

const images = new ChainFolder()
afterAll(() => images.remove())

async function codesOf(options: readonly string[], dataFileSize?: number) {
  const path = images.here(`image-${options.length}-${dataFileSize}`)
  const given = options.map((option) => option.replace('RAW', `${path}.raw`))
  images.qemuImg('create', '-q', '-f', 'qcow2', ...given, path, '1M')
  const dataFile =
    dataFileSize === undefined ? undefined : new MemorySource(new Uint8Array(dataFileSize), 'given')
  const source = new MemorySource(readFileSync(path))
  const image = await openImage(source, dataFile === undefined ? {} : { dataFile })
  return checkDataFile(image).map(({ code, fields }) => [code, fields])
}

const EXTERNAL = ['-o', 'data_file=RAW']
const RAW = ['-o', 'data_file=RAW,data_file_raw=on', '-o', 'preallocation=off']

test.each([
  ['no data file, none given', [], undefined, []],
  ['no data file, one given', [], 5, [['data-file-unused', { name: 'given' }]]],
  ['a data file of any length', EXTERNAL, 0, []],
  ['a raw one, as long as the disk', RAW, MIB, []],
  [
    'a raw one, too short',
    RAW,
    MIB - 1,
    [['data-file-short', { name: 'given', size: MIB - 1, needed: MIB }]],
  ],
])('%s', async (_, options, size, expected) => {
  expect(await codesOf(options, size)).toEqual(expected)
})

test('a data file that was not given', async () => {
  const [finding] = await codesOf(EXTERNAL)
  expect(finding).toEqual(['data-file-not-given', { name: expect.stringMatching(/\.raw$/) }])
})
