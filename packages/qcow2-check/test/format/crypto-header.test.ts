import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeCryptoExtension,
  decodeHeader,
  decodeHeaderExtensions,
  decodeLuksHeader,
  EXTENSION,
  encodeCryptoExtension,
} from '../../src/format/index.ts'

const u64 = fc.bigInt(0n, 2n ** 64n - 1n)

test('what is encoded decodes to itself', () => {
  fc.assert(
    fc.property(u64, u64, (offset, length) => {
      expect(decodeCryptoExtension(encodeCryptoExtension({ offset, length }))).toEqual({ offset, length })
    }),
  )
})

test('reads the LUKS header that qemu-img makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qcow2-luks-'))
  const path = join(folder, 'luks.qcow2')
  const options = 'encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10,encrypt.cipher-alg=aes-128'
  const secret = ['--object', 'secret,id=s,data=night']
  execFileSync('qemu-img', ['create', '-q', ...secret, '-f', 'qcow2', '-o', options, path, '1M'])
  const image = readFileSync(path)
  rmSync(folder, { recursive: true })
  const { headerLength, clusterBits } = decodeHeader(image)
  const { extensions } = decodeHeaderExtensions(image, headerLength, 2 ** clusterBits)
  const extension = extensions.find(({ type }) => type === EXTENSION.cryptoHeader)
  const { offset } = decodeCryptoExtension(extension?.data as Uint8Array)
  const luks = decodeLuksHeader(image.subarray(Number(offset), Number(offset) + 592))
  expect(luks).toMatchObject({
    magic: true,
    version: 1,
    cipherName: 'aes',
    cipherMode: 'xts-plain64',
    hash: 'sha256',
    namesEnd: true,
  })
  expect(luks.slots.map(({ state }) => state)).toEqual(['active', ...Array(7).fill('inactive')])
  expect(new Set(luks.slots.map(({ stripes }) => stripes))).toEqual(new Set([4000]))
})
