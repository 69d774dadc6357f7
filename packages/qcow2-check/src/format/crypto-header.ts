/** The crypto header extension: where the LUKS header is ("Full disk encryption header pointer"). */
export interface CryptoHeaderExtension {
  readonly offset: bigint
  /** Bytes. */
  readonly length: bigint
}

export const CRYPTO_EXTENSION_LENGTH = 16

/** @param data 16 bytes */
export function decodeCryptoExtension(data: Uint8Array): CryptoHeaderExtension {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  return { offset: view.getBigUint64(0), length: view.getBigUint64(8) }
}

export function encodeCryptoExtension({ offset, length }: CryptoHeaderExtension): Uint8Array {
  const data = new Uint8Array(CRYPTO_EXTENSION_LENGTH)
  const view = new DataView(data.buffer)
  view.setBigUint64(0, offset)
  view.setBigUint64(8, length)
  return data
}

/** One of the 8 key slots of a LUKS1 header. */
export interface LuksKeySlot {
  readonly state: 'active' | 'inactive' | 'invalid'
  readonly iterations: number
  /** In sectors of 512 bytes from the beginning of the LUKS header. */
  readonly keyMaterialSector: number
  readonly stripes: number
}

/** The LUKS1 header ("LUKS On-Disk Format Specification", 1.2.3, figure 1), without its keys. */
export interface LuksHeader {
  readonly magic: boolean
  readonly version: number
  readonly cipherName: string
  readonly cipherMode: string
  readonly hash: string
  /** False where one of the three names fills its 32 bytes and has no end. */
  readonly namesEnd: boolean
  /** Sectors of 512 bytes. */
  readonly payloadSector: number
  readonly keyBytes: number
  readonly iterations: number
  readonly slots: readonly LuksKeySlot[]
}

export const LUKS_HEADER_LENGTH = 592
const MAGIC = [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]
const SLOT_STATES: Readonly<Record<number, 'active' | 'inactive'>> = {
  11301363: 'active',
  57005: 'inactive',
}

/** @param bytes 592 bytes */
export function decodeLuksHeader(bytes: Uint8Array): LuksHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const names = [8, 40, 72].map((at) => bytes.subarray(at, at + 32))
  const [cipherName = '', cipherMode = '', hash = ''] = names.map((name) => {
    const end = name.indexOf(0)
    return new TextDecoder().decode(end < 0 ? name : name.subarray(0, end))
  })
  return {
    magic: MAGIC.every((byte, at) => bytes[at] === byte),
    version: view.getUint16(6),
    cipherName,
    cipherMode,
    hash,
    namesEnd: names.every((name) => name.includes(0)),
    payloadSector: view.getUint32(104),
    keyBytes: view.getUint32(108),
    iterations: view.getUint32(164),
    slots: Array.from({ length: 8 }, (_, index) => {
      const at = 208 + index * 48
      return {
        state: SLOT_STATES[view.getUint32(at)] ?? 'invalid',
        iterations: view.getUint32(at + 4),
        keyMaterialSector: view.getUint32(at + 40),
        stripes: view.getUint32(at + 44),
      }
    }),
  }
}
