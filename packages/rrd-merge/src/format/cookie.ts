import { atOffset, RrdError } from './error.ts'
import type { Version } from './types.ts'

/** 8.642135E130 in memory (rrd_format.h, FLOAT_COOKIE): its bytes tell the byte order, its place the alignment. */
const FLOAT_COOKIE_LE = [0x2f, 0x25, 0xc0, 0xc7, 0x43, 0x2b, 0x1f, 0x5b]
const FLOAT_COOKIE_BE = [...FLOAT_COOKIE_LE].reverse()
/** ARM before EABI kept the two words of a double the other way round. */
const FLOAT_COOKIE_MIXED = [...FLOAT_COOKIE_LE.slice(4), ...FLOAT_COOKIE_LE.slice(0, 4)]

/** RRD::Editor's portable-single has its own cookie, 8.6421343830016e13 as a float, since 1e130 is none. */
const FLOAT_COOKIE_SINGLE = [0x13, 0x33, 0x9d, 0x56]

const matches = (bytes: Uint8Array, at: number, wanted: readonly number[]): boolean =>
  wanted.every((byte, i) => bytes[at + i] === byte)

const RRD_COOKIE = [0x52, 0x52, 0x44, 0x00]

const whatElse = (bytes: Uint8Array): string => {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'it is gzip data'
  const start = Buffer.from(bytes.subarray(0, 64))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (start.startsWith('<')) return 'it looks like XML'
  if (bytes.every((byte) => byte === 0))
    return 'it starts with zeros, as after a crash or a copy of a sparse file'
  return 'it does not start with "RRD"'
}

/** Refuses what is no RRD. A file that ends inside the cookie is truncated, not foreign. */
export const requireCookie = (bytes: Uint8Array, fileLength: number): void => {
  const seen = Math.min(bytes.length, RRD_COOKIE.length)
  if (fileLength === 0) {
    throw new RrdError('ETRUNC', 'not an RRD: the file is empty (0 bytes)', {
      offset: 0,
      remedy: 'a full disk or a killed writer leaves empty files; restore it from a backup',
    })
  }
  if (!matches(bytes, 0, RRD_COOKIE.slice(0, seen))) {
    throw new RrdError('ENOTRRD', `not an RRD ${atOffset(0)}: ${whatElse(bytes)}`, { offset: 0 })
  }
}

/** The version field, "0001" to "0005" (rrdtool 1.7.2 refuses what is above 5). */
export const decodeVersion = (bytes: Uint8Array): Version => {
  const text = Buffer.from(bytes.subarray(4, 8)).toString('latin1')
  const match = /^000([1-5])$/.exec(text)
  if (match && bytes[8] === 0) return Number(match[1]) as Version
  const shown = JSON.stringify(text.replace(/[^ -~]/g, '?'))
  throw new RrdError('EVERSION', `unsupported RRD version ${shown} ${atOffset(4)}: 0001 to 0005 are known`, {
    offset: 4,
    remedy: /^\d{4}$/.test(text)
      ? 'the file was made by a newer rrdtool; dump it there and merge the XML'
      : 'the header is damaged; restore the file from a backup',
  })
}

export interface FloatCookie {
  readonly littleEndian: boolean
  readonly align: 4 | 8
}

/** Byte order and alignment, by where and how the float cookie stands. */
export const findFloatCookie = (bytes: Uint8Array): FloatCookie => {
  for (const [at, align] of [
    [16, 8],
    [12, 4],
  ] as const) {
    if (matches(bytes, at, FLOAT_COOKIE_LE)) return { littleEndian: true, align }
    if (matches(bytes, at, FLOAT_COOKIE_BE)) return { littleEndian: false, align }
    if (matches(bytes, at, FLOAT_COOKIE_MIXED)) {
      throw new RrdError(
        'EFOREIGN',
        `unsupported architecture: mixed-endian doubles ${atOffset(at)}, as on ARM before EABI`,
        { offset: at, remedy: 'run `rrdtool dump` on that machine and merge the XML' },
      )
    }
  }
  if (matches(bytes, 12, FLOAT_COOKIE_SINGLE)) {
    throw new RrdError(
      'EFOREIGN',
      `unsupported architecture: single-precision values ${atOffset(12)}, as in RRD::Editor's portable-single`,
      { offset: 12, remedy: 'save it as portable-double with RRD::Editor' },
    )
  }
  throw new RrdError(
    'ECORRUPT',
    `damaged header: no float cookie ${atOffset(12)} nor ${atOffset(16)}, where every known architecture has it`,
    { offset: 12, remedy: 'restore the file from a backup' },
  )
}

/** Writes the float cookie for a byte order. */
export const encodeFloatCookie = (bytes: Uint8Array, offset: number, littleEndian: boolean): void =>
  bytes.set(littleEndian ? FLOAT_COOKIE_LE : FLOAT_COOKIE_BE, offset)
