import type { Extent, Fingerprint } from './fingerprint.ts'

export interface JournalHeader {
  readonly version: 1
  /** Name of the tool that made the change. */
  readonly tool: string
  /** When, ISO 8601, UTC. */
  readonly created: string
  readonly target: Fingerprint
  /** The target's length in bytes once the change is complete. */
  readonly finalSize: number
  /**
   * The target's mtime before the change, nanoseconds since 1970, decimal. Absent where the tool doesn't put it back, and
   * in journals of before it was noted; readers of that time pass over it.
   */
  readonly mtime?: string
}

/** More extents than any tool asks for. */
const MOST_EXTENTS = 64
/**
 * Bytes of them all; a header, a refcount table and an L1 table of QCOW2 have 66 MiB. Who may plant a journal beside the
 * target would otherwise keep its reader busy without end: extents are hashed before anything else is known of it.
 */
const MOST_BYTES = 128 * 1024 * 1024

export function encodeHeader(header: JournalHeader): Buffer {
  return Buffer.from(JSON.stringify(header), 'utf8')
}

/** Reads a header whose checksum has been verified; undefined if it isn't of the form that this version writes. */
export function decodeHeader(bytes: Buffer): JournalHeader | 'too-new' | undefined {
  const value = parse(bytes)
  if (!isRecord(value)) return undefined
  if (typeof value.version === 'number' && value.version > 1) return 'too-new'
  const { version, tool, created, finalSize, mtime } = value
  const target = decodeFingerprint(value.target)
  if (version !== 1 || typeof tool !== 'string' || typeof created !== 'string') return undefined
  if (!isSize(finalSize) || !target) return undefined
  if (mtime !== undefined && !isTime(mtime)) return undefined
  return { version, tool, created, target, finalSize, ...(mtime !== undefined && { mtime }) }
}

function decodeFingerprint(value: unknown): Fingerprint | undefined {
  if (!isRecord(value)) return undefined
  const { dev, ino, size, extents, digest } = value
  if (typeof dev !== 'string' || typeof ino !== 'string' || !isSize(size)) return undefined
  if (typeof digest !== 'string' || !Array.isArray(extents) || extents.length > MOST_EXTENTS) return undefined
  const checked = extents.filter((extent): extent is Extent => isExtent(extent, size))
  const bytes = checked.reduce((sum, { length }) => sum + length, 0)
  if (checked.length < extents.length || bytes > MOST_BYTES) return undefined
  return { dev, ino, size, extents: checked, digest }
}

function isExtent(value: unknown, size: number): boolean {
  if (!isRecord(value)) return false
  const { offset, length } = value
  return isSize(offset) && isSize(length) && offset + length <= size
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** Of a signed 64-bit number of nanoseconds. */
function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
