import {
  type CryptoHeaderExtension,
  decodeLuksHeader,
  LIMITS,
  LUKS_HEADER_LENGTH,
  type LuksHeader,
} from '../format/index.ts'
import { BlockerList } from './blocker-list.ts'
import { FindingsList, NO_REMEDY } from './findings-list.ts'
import { FIELD } from './header-rules.ts'
import type { OwnedRange } from './image.ts'
import { luksFault } from './luks-rules.ts'
import type { OpenContext } from './open-context.ts'
import { readRange } from './read-range.ts'

export interface CryptoHeader {
  readonly owned: readonly OwnedRange[]
  readonly luks?: LuksHeader
}

/**
 * The LUKS header that the extension points to. Its key slots are not tried: an image is checked, repaired and rescued
 * without its key, cluster by cluster of ciphertext.
 */
export async function readCryptoHeader(
  context: OpenContext,
  { offset, length }: CryptoHeaderExtension,
): Promise<CryptoHeader> {
  const { source, geometry, fileSize, findings, blockers } = context
  const { clusterSize } = geometry
  const range = { offset: offset < BigInt(fileSize) ? Number(offset) : fileSize, length: 0 }
  const fault = (why: string) => findings.add('crypto-header', range, { why }, { repair: NO_REMEDY })
  if (offset % BigInt(clusterSize) !== 0n) {
    fault(`its offset ${offset} is not a multiple of the cluster size`)
    blockers.add(
      'crypto-header',
      `Encryption header offset '${offset}' is not a multiple of cluster size '${clusterSize}'`,
    )
    return { owned: [] }
  }
  if (length > BigInt(LIMITS.cryptoHeader) || length < BigInt(LUKS_HEADER_LENGTH))
    fault(`a length of ${length} bytes is impossible`)
  if (offset >= BigInt(fileSize)) fault('it lies beyond the end of the file')
  if (length < BigInt(LUKS_HEADER_LENGTH))
    blockers.add('crypto-header', 'Request for data outside of extension header')
  if (offset === 0n || offset >= BigInt(fileSize)) {
    if (offset === 0n) fault("it can't be at 0")
    if (length >= BigInt(LUKS_HEADER_LENGTH)) blockers.add('crypto-header', 'Volume is not in LUKS format')
    return { owned: [] }
  }
  const { bytes, error } = await readRange(source, Number(offset), LUKS_HEADER_LENGTH)
  if (error !== undefined) {
    findings.add('read-error', { offset: Number(offset), length: LUKS_HEADER_LENGTH }, { why: error })
    return { owned: [] }
  }
  const owned: OwnedRange[] = []
  if (length > 0n && length <= BigInt(LIMITS.cryptoHeader))
    owned.push({ kind: 'crypto-header', offset: Number(offset), length: Number(length) })
  const whole = new Uint8Array(LUKS_HEADER_LENGTH)
  whole.set(bytes)
  const luks = decodeLuksHeader(whole)
  const wrong = luksFault(luks)
  if (wrong !== undefined) {
    fault(wrong.why)
    if (length >= BigInt(LUKS_HEADER_LENGTH)) blockers.add('crypto-header', wrong.message)
  }
  return { owned, luks }
}

/** The LUKS header of an image that says it has none: if there is one, the method is what is wrong. */
export async function findCryptoHeader(
  context: OpenContext,
  extension: CryptoHeaderExtension,
): Promise<CryptoHeader> {
  const quiet = { ...context, findings: new FindingsList(), blockers: new BlockerList() }
  const found = await readCryptoHeader(quiet, extension)
  return found.luks?.magic === true ? found : { owned: [] }
}

/** An image encrypted with LUKS without a place for its header. */
export function refuseMissingCrypto({ findings, blockers }: OpenContext): void {
  findings.add('crypto-header', FIELD.cryptMethod, { why: 'no extension says where it is' })
  blockers.add('crypto-header', 'Missing CRYPTO header for crypt method 2')
}
