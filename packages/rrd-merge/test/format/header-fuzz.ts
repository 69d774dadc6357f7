import {
  buildRrd,
  checkRrd,
  decodeHeader,
  describeRrd,
  HEADER_PREFIX,
  measureHeader,
  RrdError,
  type RrdErrorCode,
  rrdFromBytes,
  rrdToBytes,
} from '../../src/format/index.ts'
import { FIXTURES, fixture } from './fixtures.ts'
import { mutate, Random } from './mutate.ts'

export interface FuzzResult {
  readonly files: number
  /** Files that could be opened in spite of it all. */
  readonly opened: number
  readonly refused: Readonly<Partial<Record<RrdErrorCode, number>>>
}

const attempt = <T>(action: () => T): T | RrdError => {
  try {
    return action()
  } catch (error) {
    if (error instanceof RrdError) return error
    throw error
  }
}

const require = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what)
}

/** Opens one file by all the ways there are; a broken promise is an Error. */
const examine = (bytes: Uint8Array): RrdError | undefined => {
  const first = attempt(() => measureHeader(bytes.subarray(0, HEADER_PREFIX), bytes.length))
  const header = attempt(() => decodeHeader(bytes))
  if (header instanceof RrdError) {
    require(/^[ -~]+$/.test(header.message), `a message that is not one plain line: ${header.message}`)
    return header
  }
  if (first instanceof RrdError)
    throw new Error('the first bytes were refused and the whole accepted', { cause: first })
  require(first.prefixNeeded <= bytes.length, 'a prefix longer than the file')
  require(header.length <= bytes.length, 'a header longer than the file')
  // What is allocated is bounded by what is there: no more structures than the file has room for.
  const structures = header.dataSources.length * 232 + header.archives.length * 108
  require(structures < bytes.length, 'more structures than the file can hold')
  const rrd = rrdFromBytes(bytes.slice(), header)
  require(rrd.bytes.buffer.byteLength <= bytes.length + 16, 'an image larger than the file')
  const cells = rrd.cells.reduce((sum, view) => sum + view.byteLength, 0)
  require(header.length + cells <= bytes.length, 'cells beyond the file')
  require(Buffer.compare(rrdToBytes(rrd), bytes) === 0, 'an image that is not its file')
  checkRrd(rrd)
  const rebuilt = attempt(() => buildRrd(describeRrd(rrd)))
  if (rebuilt instanceof RrdError) {
    require(rebuilt.code === 'ERANGE', `a file that opens is not rebuilt: ${rebuilt.message}`)
  } else {
    require(rebuilt.header.length === header.length, 'rebuilt with another header')
  }
  return undefined
}

/** Opens `count` mutated files. @throws Error naming the seed's file that breaks a promise */
export const fuzzHeaders = (seed: number, count: number): FuzzResult => {
  const corpus = FIXTURES.map(([architecture, version]) => fixture(architecture, version))
  const random = new Random(seed)
  const refused: Partial<Record<RrdErrorCode, number>> = {}
  let opened = 0
  for (let i = 0; i < count; i++) {
    const bytes = mutate(corpus, random)
    try {
      const error = examine(bytes)
      if (error) refused[error.code] = (refused[error.code] ?? 0) + 1
      else opened++
    } catch (cause) {
      throw new Error(`file ${i} of seed ${seed}: ${Buffer.from(bytes).toString('hex')}`, { cause })
    }
  }
  return { files: count, opened, refused }
}
