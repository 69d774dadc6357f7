import {
  AUTOCLEAR,
  geometryOf,
  type Header,
  INCOMPATIBLE,
  LIMITS,
  V2_HEADER_LENGTH,
  V3_HEADER_LENGTH,
} from '../../format/index.ts'
import type { HeaderField } from '../evidence.ts'
import type { RefcountAnchor } from './refcount-anchors.ts'

const KNOWN_INCOMPATIBLE = Object.values(INCOMPATIBLE).reduce((all, bit) => all | bit, 0n)
const KNOWN_AUTOCLEAR = Object.values(AUTOCLEAR).reduce((all, bit) => all | bit, 0n)

/** A header being put together, and where each of its fields comes from. */
export interface HeaderDraft {
  readonly header: Header
  readonly from: Readonly<Partial<Record<keyof Header, HeaderField['from']>>>
}

/**
 * What stands in the file, or in a template, field by field as far as it can be; geometry and refcount table as proven.
 *
 * @param wrecked nothing of it is believed
 */
export function plausibleFields(
  stands: Header,
  anchor: RefcountAnchor | undefined,
  fileSize: number,
  origin: 'kept' | 'template',
  wrecked: boolean,
): HeaderDraft {
  const from: Partial<Record<keyof Header, HeaderField['from']>> = {}
  const take = <K extends keyof Header>(
    name: K,
    good: (value: Header[K]) => boolean,
    otherwise: Header[K],
    how: HeaderField['from'] = 'derived',
  ): Header[K] => {
    const fits = !wrecked && good(stands[name])
    from[name] = fits ? origin : how
    return fits ? stands[name] : otherwise
  }
  const proven = <K extends keyof Header>(name: K, value: Header[K] | undefined, fallback: Header[K]) => {
    from[name] = !wrecked && stands[name] === (value ?? fallback) ? origin : value ? 'carved' : 'guessed'
    return value ?? fallback
  }
  const clusterBits = proven('clusterBits', anchor?.clusterBits, bitsOr16(stands.clusterBits))
  const refcountOrder = proven('refcountOrder', anchor?.refcountOrder, 4)
  const version = take(
    'version',
    (value) => value === 3 || (value === 2 && refcountOrder === 4),
    3,
    'guessed',
  )
  const v3 = version === 3
  const { clusterSize } = geometryOf(clusterBits, refcountOrder, false)
  const inFile = (offset: bigint) =>
    offset > 0n && offset < BigInt(fileSize) && offset % BigInt(clusterSize) === 0n
  const tableOffset = take(
    'refcountTableOffset',
    (value) => value === BigInt(anchor?.offset ?? -1),
    0n,
    'carved',
  )
  const need = anchor?.clusters ?? 1
  const longest = Math.min(LIMITS.refcountTable / clusterSize, fileSize / clusterSize)
  const incompatibleFeatures = v3
    ? take('incompatibleFeatures', (value) => (value & ~KNOWN_INCOMPATIBLE) === 0n, 0n)
    : 0n
  const zstd = (incompatibleFeatures & INCOMPATIBLE.compressionType) === 0n ? 0 : 1
  return {
    from,
    header: {
      version,
      clusterBits,
      refcountOrder,
      backingFileOffset: take('backingFileOffset', (value) => value < BigInt(clusterSize), 0n),
      backingFileSize: take('backingFileSize', (value) => value <= LIMITS.backingFileName, 0),
      size: take('size', (value) => value > 0n && value < 2n ** 56n, 0n),
      cryptMethod: take('cryptMethod', (value) => value <= 2, 0),
      l1Size: take('l1Size', (value) => value > 0 && value <= LIMITS.l1Table / 8, 0),
      l1TableOffset: take('l1TableOffset', inFile, 0n),
      refcountTableOffset: anchor ? BigInt(anchor.offset) : tableOffset,
      refcountTableClusters: take(
        'refcountTableClusters',
        (value) => value >= need && value <= longest,
        need,
        'carved',
      ),
      snapshotCount: take('snapshotCount', (value) => value <= LIMITS.snapshots, 0),
      snapshotsOffset: take('snapshotsOffset', (value) => value === 0n || inFile(value), 0n),
      incompatibleFeatures,
      compatibleFeatures: v3 ? take('compatibleFeatures', (value) => value <= 1n, 0n) : 0n,
      autoclearFeatures: v3 ? take('autoclearFeatures', (v) => (v & ~KNOWN_AUTOCLEAR) === 0n, 0n) : 0n,
      headerLength: v3
        ? take(
            'headerLength',
            (n) => n >= V3_HEADER_LENGTH && n % 8 === 0 && n <= clusterSize && n <= 4096,
            112,
          )
        : V2_HEADER_LENGTH,
      // The bit is set just where the type isn't that of old; the field lies behind the shortest header.
      compressionType: take('compressionType', (value) => value === zstd, zstd),
    },
  }
}

function bitsOr16(bits: number): number {
  return bits >= LIMITS.clusterBits.min && bits <= LIMITS.clusterBits.max ? bits : 16
}
