import { type FileName, fileNameKey } from '@nightshift/tooling/files'
import { SCAN_VERDICTS } from './totals.ts'
import type { ScannedImage, ScanResult } from './types.ts'

/** What tells that a file is the very one of an earlier run and was not written since; decimal, they exceed 2^53. */
export interface FileIdentity {
  readonly dev: string
  readonly ino: string
  readonly size: string
  readonly mtime: string
  readonly ctime: string
}

/** A line of a state file: a result, and the file it was about. */
export interface RememberedResult {
  /** See `fileNameKey`. */
  readonly key: string
  readonly identity: FileIdentity
  readonly result: Pick<ScanResult, 'verdict' | 'size' | 'image' | 'error' | 'milliseconds'>
}

export function identityOf(stats: {
  readonly dev: bigint
  readonly ino: bigint
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}): FileIdentity {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats
  return { dev: `${dev}`, ino: `${ino}`, size: `${size}`, mtime: `${mtimeNs}`, ctime: `${ctimeNs}` }
}

export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtime === b.mtime && a.ctime === b.ctime
}

/** Only what will be so again: not a hint about an image in use, nor a failure, nor what an undo file beside it tells. */
export function isLasting({ verdict, image }: ScanResult): boolean {
  if (verdict === 'failed' || verdict === 'incomplete') return false
  return image?.inUse === undefined && !isInterrupted(image)
}

/** A repair of it was interrupted: it may be half-written. */
export function isInterrupted(image: ScannedImage | undefined): boolean {
  return image?.codes['repair-interrupted'] !== undefined
}

export function remember(path: FileName, identity: FileIdentity, result: ScanResult): RememberedResult {
  const { verdict, size, image, error, milliseconds } = result
  return {
    key: fileNameKey(path),
    identity,
    result: { verdict, size, milliseconds, ...(image && { image }), ...(error && { error }) },
  }
}

/** Reads a line of a state file; undefined where it is none: torn by a kill, of another version, edited. */
export function parseRemembered(line: string): RememberedResult | undefined {
  const value = parse(line) as RememberedResult | undefined
  if (typeof value?.key !== 'string' || !isIdentity(value.identity)) return undefined
  const { verdict, size, milliseconds, image } = value.result ?? {}
  if (!SCAN_VERDICTS.some((known) => known === verdict)) return undefined
  if (!isNumber(size) || !isNumber(milliseconds)) return undefined
  return image === undefined || isScanned(image) ? value : undefined
}

function isIdentity(value: FileIdentity | undefined): boolean {
  const { dev, ino, size, mtime, ctime } = value ?? {}
  return [dev, ino, size, mtime, ctime].every((part) => typeof part === 'string')
}

function isScanned({ counts, clusterSize, virtualSize, blockers, snapshots, codes }: ScannedImage): boolean {
  const numbers = [
    clusterSize,
    virtualSize,
    snapshots?.listed,
    snapshots?.sound,
    ...Object.values(counts ?? {}),
  ]
  return (
    numbers.length === 4 + COUNTS &&
    numbers.every(isNumber) &&
    Array.isArray(blockers) &&
    typeof codes === 'object'
  )
}

/** Members of CheckCounts. */
const COUNTS = 8

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)

function parse(line: string): unknown {
  try {
    return JSON.parse(line) ?? undefined
  } catch {
    return undefined
  }
}
