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
import { KINDS } from '../image/blockers/case.ts'
import { Workshop } from '../image/qemu.ts'

const u64 = fc.bigInt(0n, 2n ** 64n - 1n)

test('what is encoded decodes to itself', () => {
  fc.assert(
    fc.property(u64, u64, (offset, length) => {
      expect(decodeCryptoExtension(encodeCryptoExtension({ offset, length }))).toEqual({ offset, length })
    }),
  )
})

test('reads the LUKS header that qemu-img makes', () => {
  const workshop = new Workshop()
  const image = workshop.make('luks', KINDS.luks.commands)
  workshop.remove()
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
