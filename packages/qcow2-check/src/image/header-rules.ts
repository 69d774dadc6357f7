import {
  type FeatureName,
  type Header,
  INCOMPATIBLE,
  LIMITS,
  V2_HEADER_LENGTH,
  V3_HEADER_LENGTH,
} from '../format/index.ts'
import type { BlockerList } from './blocker-list.ts'
import { CLEAR_RESERVED, FIX_FLAGS, FIX_HEADER, type FindingsList } from './findings-list.ts'
import type { HeaderBytes } from './header-bytes.ts'

/** Where the fields of the header lie; findings about them point there. */
export const FIELD = {
  magic: { offset: 0, length: 4 },
  version: { offset: 4, length: 4 },
  backingFile: { offset: 8, length: 12 },
  clusterBits: { offset: 20, length: 4 },
  size: { offset: 24, length: 8 },
  cryptMethod: { offset: 32, length: 4 },
  l1Size: { offset: 36, length: 4 },
  l1TableOffset: { offset: 40, length: 8 },
  refcountTable: { offset: 48, length: 12 },
  snapshots: { offset: 60, length: 12 },
  incompatibleFeatures: { offset: 72, length: 8 },
  refcountOrder: { offset: 96, length: 4 },
  headerLength: { offset: 100, length: 4 },
  compressionType: { offset: 104, length: 1 },
} as const

export interface HeaderRulesContext {
  readonly bytes: HeaderBytes
  readonly header: Header
  readonly fileSize: number
  readonly findings: FindingsList
  readonly blockers: BlockerList
}

/** What everything else depends on: magic, version, cluster size, length of the header. */
export function checkIdentity({ bytes, header, fileSize, findings, blockers }: HeaderRulesContext): void {
  const repair = FIX_HEADER
  const { clusterBits, headerLength } = header
  if (!bytes.magic) {
    findings.add('header-magic', FIELD.magic, {}, { repair })
    blockers.add('header-magic', 'Image is not in qcow2 format')
    blockers.close()
  }
  const { version } = bytes
  if (version !== 2 && version !== 3) {
    findings.add('header-version', FIELD.version, { version, fits: header.version }, { repair })
    blockers.add('header-version', `Unsupported qcow2 version ${version}`)
    blockers.close()
  }
  if (clusterBits < LIMITS.clusterBits.min || clusterBits > LIMITS.clusterBits.max) {
    findings.add('header-cluster-bits', FIELD.clusterBits, { clusterBits }, { repair })
    blockers.add('header-cluster-bits', `Unsupported cluster size: 2^${clusterBits}`)
    blockers.close()
  }
  const least = header.version === 2 ? V2_HEADER_LENGTH : V3_HEADER_LENGTH
  if (fileSize < least)
    findings.add('header-short', { offset: fileSize, length: least - fileSize }, { fileSize }, { repair })
  if (!headerLengthFits(header)) {
    findings.add('header-length', FIELD.headerLength, { headerLength }, { repair })
    if (headerLength < least) blockers.add('header-length', 'qcow2 header too short')
    else if (headerLength > 2 ** clusterBits)
      blockers.add('header-length', 'qcow2 header exceeds cluster size')
  }
}

/** "header_length": at least 104 in version 3, a multiple of 8, and within the first cluster. */
function headerLengthFits({ version, headerLength, clusterBits }: Header): boolean {
  if (version === 2) return true
  return headerLength >= V3_HEADER_LENGTH && headerLength % 8 === 0 && headerLength <= 2 ** clusterBits
}

/** Bytes of the header, as far as they can be believed: QEMU writes 112, before 5.1 it was 104. */
export function believeHeaderLength(header: Header, cluster: Uint8Array): number {
  if (headerLengthFits(header)) return header.headerLength
  const padding = cluster.subarray(105, 112)
  const type = cluster[104] ?? 0
  return type <= 1 && padding.every((byte) => byte === 0) ? 112 : V3_HEADER_LENGTH
}

const KNOWN = 0x1fn

/** @param names of bits, as the image tells them */
export function checkFeatures(
  { header, findings, blockers }: HeaderRulesContext,
  names: readonly FeatureName[],
): void {
  const { incompatibleFeatures: bits, refcountOrder } = header
  checkCompression(header, findings, blockers)
  const unknown = bits & ~KNOWN
  if (unknown !== 0n) {
    const told = toldNames(names, unknown)
    for (let bit = 0; bit < 64; bit++) {
      if (!hasBit(unknown, bit)) continue
      const name = told.find((feature) => feature.bit === bit)?.name
      const fields = { bit, ...(name !== undefined && { name }) }
      findings.add('header-unknown-feature', FIELD.incompatibleFeatures, fields, { repair: CLEAR_RESERVED })
    }
    blockers.add('header-unknown-feature', unsupportedFeatures(unknown, told))
  }
  if ((bits & INCOMPATIBLE.dirty) !== 0n)
    findings.add('dirty', FIELD.incompatibleFeatures, {}, { repair: FIX_FLAGS })
  if ((bits & INCOMPATIBLE.corrupt) !== 0n) {
    findings.add('corrupt-bit', FIELD.incompatibleFeatures, {}, { repair: FIX_FLAGS })
    blockers.add('corrupt-bit', 'qcow2: Image is corrupt; cannot be opened read/write', true)
  }
  const { clusterBits } = header
  const extendedL2 = (bits & INCOMPATIBLE.extendedL2) !== 0n
  if (extendedL2 && clusterBits >= LIMITS.clusterBits.min && clusterBits < LIMITS.extendedL2ClusterBits) {
    findings.add(
      'header-cluster-bits',
      FIELD.clusterBits,
      { clusterBits, extendedL2 },
      { repair: FIX_HEADER },
    )
    blockers.add('header-cluster-bits', `Unsupported subcluster size: ${2 ** clusterBits / 32}`)
  }
  if (refcountOrder > LIMITS.refcountOrder) {
    findings.add('header-refcount-order', FIELD.refcountOrder, { refcountOrder }, { repair: FIX_HEADER })
    blockers.add('header-refcount-order', 'Reference count entry width too large; may not exceed 64 bits')
  }
}

/** Bit 3 says that the field is not zlib, and the two must agree. */
function checkCompression(header: Header, findings: FindingsList, blockers: BlockerList): void {
  const { compressionType } = header
  const bit = (header.incompatibleFeatures & INCOMPATIBLE.compressionType) !== 0n
  if (compressionType <= 1 && bit === (compressionType !== 0)) return
  const why =
    compressionType > 1
      ? `unknown compression type: ${compressionType}`
      : `Compression type incompatible feature bit must ${bit ? 'not ' : ''}be set`
  findings.add(
    'header-compression-type',
    FIELD.compressionType,
    { compressionType, bit },
    { repair: FIX_HEADER },
  )
  blockers.add('header-compression-type', `qcow2: ${why}`)
}

/** As QEMU reads the table: up to the first empty name, the first name of a bit counts. */
function toldNames(names: readonly FeatureName[], bits: bigint): readonly FeatureName[] {
  const empty = names.findIndex(({ name }) => name === '')
  const told = new Map<number, FeatureName>()
  for (const feature of empty < 0 ? names : names.slice(0, empty)) {
    const { kind, bit } = feature
    if (kind === 'incompatible' && bit < 64 && hasBit(bits, bit) && !told.has(bit)) told.set(bit, feature)
  }
  return [...told.values()]
}

function unsupportedFeatures(unknown: bigint, told: readonly FeatureName[]): string {
  let rest = unknown
  for (const { bit } of told) rest &= ~(1n << BigInt(bit))
  const names = told.map(({ name }) => name)
  if (rest !== 0n) names.push(`Unknown incompatible feature: ${rest.toString(16)}`)
  return `Unsupported qcow2 feature(s): ${names.join(', ')}`
}

function hasBit(bits: bigint, bit: number): boolean {
  return ((bits >> BigInt(bit)) & 1n) === 1n
}
