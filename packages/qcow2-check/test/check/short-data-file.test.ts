import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-short-data')
afterAll(() => scratch[Symbol.dispose]())

const MIB = 2 ** 20
const CLUSTER = 65536
const path = scratch.file('image')
qemuImg(['create', '-q', '-f', 'qcow2', '-o', `data_file=${path}.raw`, path, '16M'])
// A cluster that is allocated and reads as zeros needs no data.
qemuIo(['-c', 'write 5M 4k', '-c', 'write 12M 64k', '-c', 'write -z 12M 64k', path])

test.each([
  ['as QEMU made it', 16 * MIB, false],
  ['that ends with the last of the data', 5 * MIB + 4096, false],
  ['that ends where the last of the data begin', 5 * MIB, true],
  ['that is empty', 0, true],
])('a data file %s', async (_what, size, short) => {
  const dataFile = new MemorySource(new Uint8Array(size), 'given')
  const image = await openImage(new MemorySource(readFileSync(path)), { dataFile })
  const { findings, verdict } = await survey(image)
  const fields = { name: 'given', size, needed: 5 * MIB + CLUSTER }
  expect(findings).toEqual(short ? [expect.objectContaining({ code: 'data-file-short', fields })] : [])
  expect(verdict).toBe(short ? 'corrupt' : 'consistent')
})
