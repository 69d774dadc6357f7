import type { Case } from './case.ts'
import { at, CRYPTO, inExtension, u8, u16, u32, u64 } from './edits.ts'

const crypto = (edit: (offset: number) => (bytes: Buffer) => void) =>
  inExtension(CRYPTO, (ext) => at(ext + 8, edit))

export const LUKS: readonly Case[] = [
  { name: 'as it is', edit: () => {}, code: undefined },
  { name: 'not encrypted, says the header', edit: u32(32, 0), code: 'header-extension' },
  {
    name: 'extension of 8 bytes',
    edit: inExtension(CRYPTO, (ext) => u32(ext + 4, 8)),
    code: 'header-extension',
  },
  { name: 'extension gone', edit: inExtension(CRYPTO, (ext) => u32(ext, 0x12345678)), code: 'crypto-header' },
  { name: 'header unaligned', edit: inExtension(CRYPTO, (ext) => u64(ext + 8, 8n)), code: 'crypto-header' },
  { name: 'header at 0', edit: inExtension(CRYPTO, (ext) => u64(ext + 8, 0n)), code: 'crypto-header' },
  {
    name: 'header beyond the end',
    edit: inExtension(CRYPTO, (ext) => u64(ext + 8, 1n << 40n)),
    code: 'crypto-header',
  },
  {
    name: 'header of 591 bytes',
    edit: inExtension(CRYPTO, (ext) => u64(ext + 16, 591n)),
    code: 'crypto-header',
  },
  { name: 'no LUKS magic', edit: crypto((luks) => u8(luks, 0)), code: 'crypto-header' },
  { name: 'LUKS version 2', edit: crypto((luks) => u16(luks + 6, 2)), code: 'crypto-header' },
  {
    name: 'cipher name without an end',
    edit: crypto((luks) => (bytes) => void bytes.fill(0x61, luks + 8, luks + 40)),
    code: 'crypto-header',
  },
  {
    name: 'cipher mode without a dash',
    edit: crypto((luks) => (bytes) => void bytes.write('xtsplain64', luks + 40)),
    code: 'crypto-header',
  },
  { name: 'payload within the header', edit: crypto((luks) => u32(luks + 104, 7)), code: 'crypto-header' },
  { name: 'no iterations', edit: crypto((luks) => u32(luks + 164, 0)), code: 'crypto-header' },
  {
    name: 'key slot 3 in no state',
    edit: crypto((luks) => u32(luks + 208 + 3 * 48, 5)),
    code: 'crypto-header',
  },
  {
    name: 'key slot 3 with 3999 stripes',
    edit: crypto((luks) => u32(luks + 208 + 3 * 48 + 44, 3999)),
    code: 'crypto-header',
  },
  {
    name: 'key slot 0 within the header',
    edit: crypto((luks) => u32(luks + 208 + 40, 7)),
    code: 'crypto-header',
  },
  {
    name: 'key slot 3 in the place of slot 2',
    edit: crypto((luks) => u32(luks + 208 + 3 * 48 + 40, 8 + 2 * 504)),
    code: 'crypto-header',
  },
  {
    name: 'key slot 7 within the payload',
    edit: crypto((luks) => u32(luks + 208 + 7 * 48 + 40, 4000)),
    code: 'crypto-header',
  },
  {
    name: 'key slot 3 within the header and slot 0',
    edit: crypto((luks) => u32(luks + 208 + 3 * 48 + 40, 7)),
    code: 'crypto-header',
  },
  {
    name: 'a cipher that nobody has',
    edit: crypto((luks) => (bytes) => void bytes.write('zes', luks + 8)),
    code: 'crypto-header',
  },
  {
    name: 'a mode that nobody has',
    edit: crypto((luks) => (bytes) => void bytes.write('xtz', luks + 40)),
    code: 'crypto-header',
  },
  {
    name: 'a generator that nobody has',
    edit: crypto((luks) => (bytes) => void bytes.write('xts-blain64', luks + 40)),
    code: 'crypto-header',
  },
  {
    name: 'a hash that nobody has',
    edit: crypto((luks) => (bytes) => void bytes.write('sha257', luks + 72)),
    code: 'crypto-header',
  },
  { name: 'a key of 5 bytes', edit: crypto((luks) => u32(luks + 108, 5)), code: 'crypto-header' },
  {
    name: 'another hash for its generator',
    edit: crypto((luks) => (bytes) => void bytes.write('xts-essiv:foo', luks + 40)),
    code: 'crypto-header',
  },
  {
    name: 'no hash for its generator',
    edit: crypto((luks) => (bytes) => void bytes.write('xts-essiv\0\0', luks + 40)),
    code: 'crypto-header',
  },
  { name: 'a key of no bytes', edit: crypto((luks) => u32(luks + 108, 0)), code: 'crypto-header' },
  {
    name: 'key slot 0 without iterations',
    edit: crypto((luks) => u32(luks + 212, 0)),
    code: 'crypto-header',
  },
].map((one) => ({ ...one, kind: 'luks' }) as Case)
