import { readFileSync } from 'node:fs'
import { ARCHITECTURES, type Architecture } from '../../src/format/index.ts'

/** Files that a C compiler laid out, one for each architecture in versions 1 and 3: see fixtures/layout.c. */
export const FIXTURES: readonly (readonly [Architecture, 1 | 3])[] = ARCHITECTURES.flatMap((architecture) => [
  [architecture, 1] as const,
  [architecture, 3] as const,
])

/** The file's bytes, in memory of their own. */
export const fixture = (architecture: Architecture, version: 1 | 3 = 3): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`fixtures/${architecture}-v${version}.rrd`, import.meta.url)))

/** Bits of doubles, for comparing NaN payloads too. */
export const bits = (cells: Float64Array): string[] =>
  Array.from(new BigUint64Array(cells.buffer, cells.byteOffset, cells.length), (value) => value.toString(16))
