import type { Image } from '../../image/image.ts'
import { aside } from '../../mapping/extent-reader.ts'
import { type ByteRange, readTolerantly } from '../../mapping/tolerant-read.ts'
import type { BlockSource } from '../../source/index.ts'
import { CopyJobs, PIECE } from '../copy-jobs.ts'
import type { OutputFile } from '../output-file.ts'
import { isAllZero, nonZeroRuns } from '../zero-runs.ts'
import type { Place } from './place.ts'
import type { ReferenceCounts } from './reference-counts.ts'

export interface ClusterCopy {
  readonly image: Image
  readonly place: Place
  readonly references: ReferenceCounts
  readonly output: OutputFile
  readonly onCopied: (bytes: number) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Copies all clusters that are referenced, in the order of the file. Those that hold zeros are left out, and lose their
 * references; of an encrypted image they would not read as zeros.
 *
 * @returns what could not be read, bytes of the source, ascending
 */
export async function copyClusters(copy: ClusterCopy): Promise<readonly ByteRange[]> {
  const { image, place, references, output, onCopied, signal } = copy
  const { clusterSize, shift } = place
  const source = (image.features.externalData ? image.dataFile : image.source) as BlockSource
  const plain = image.features.encryption === 'none'
  const bad: ByteRange[] = []
  const size = Math.max(PIECE, clusterSize)
  const jobs = new CopyJobs(size)
  const copyRun = async (first: number, count: number, buffer: Buffer): Promise<void> => {
    const piece = buffer.subarray(0, count * clusterSize)
    const from = (first - shift) * clusterSize
    bad.push(...(await readTolerantly(aside(source, piece.length), piece, from)))
    if (plain) dropZeros(first, count, piece, references, clusterSize)
    const position = first * clusterSize
    for (const { start, end } of nonZeroRuns(piece, position))
      await output.write(piece.subarray(start, end), position + start)
    onCopied(piece.length)
  }
  try {
    for (const { first, count } of runs(references, size / clusterSize)) {
      signal?.throwIfAborted()
      await jobs.start((buffer) => copyRun(first, count, buffer))
    }
  } finally {
    await jobs.settle()
  }
  return bad.sort((a, b) => a.offset - b.offset)
}

function dropZeros(
  first: number,
  count: number,
  piece: Buffer,
  references: ReferenceCounts,
  clusterSize: number,
): void {
  for (let at = 0; at < count; at++)
    if (isAllZero(piece, at * clusterSize, (at + 1) * clusterSize)) references.clear(first + at)
}

function* runs(
  references: ReferenceCounts,
  most: number,
): Generator<{ readonly first: number; readonly count: number }, void, undefined> {
  let first = 0
  let count = 0
  for (const cluster of references.clusters()) {
    if (count > 0 && (cluster !== first + count || count === most)) {
      yield { first, count }
      count = 0
    }
    if (count === 0) first = cluster
    count++
  }
  if (count > 0) yield { first, count }
}
