import { cellsEnd } from '../format/index.ts'
import type { Rrd } from '../format/types.ts'
import { type ByteRange, DirtyPages } from './dirty-pages.ts'
import { mergeArchive } from './merge-archive.ts'
import type { MergeRun } from './merge-run.ts'
import { mergeWithSeams } from './merge-with-seams.ts'
import type { MergeOptions } from './options.ts'
import { pairStructure } from './pair-structure.ts'
import type { MergeReport } from './report.ts'
import { reportMerge } from './report-merge.ts'
import { restructure } from './restructure.ts'

export interface MergeOutcome {
  /** The merged image: the target itself, or a new one where the structure changed. */
  readonly rrd: Rrd
  /** False where the target's bytes are what they were: nothing to write. */
  readonly changed: boolean
  /** What differs from the target's bytes, in pages of 4 KiB; the whole image where the structure changed, or nobody asked. */
  readonly dirty: readonly ByteRange[]
  readonly report: MergeReport
}

/**
 * Merges OLDs into the target's cells, in place. The header never changes, and of the cells only those that take a value;
 * options that change the structure give a new image instead and leave the target as it is.
 *
 * @param pages whether `dirty` shall tell one changed page from another: it costs a call of the kernel for each page
 * @throws RrdError ESWAPPED, EMISMATCH, EUSAGE before anything changes.
 */
export function mergeInto(
  target: Rrd,
  olds: readonly Rrd[],
  options: MergeOptions = {},
  { pages = true }: { readonly pages?: boolean } = {},
): MergeOutcome {
  const oldHeaders = olds.map(({ header }) => header)
  const pairing = pairStructure(target.header, oldHeaders, options)
  const image = pairing.change ? restructure(target, olds, pairing.change) : target
  const dirty = pages ? new DirtyPages(image.header.length, cellsEnd(image.header)) : undefined
  const run: MergeRun = { target: image, olds, pairing, options, dirty }
  const { logs, seams } =
    options.seam === 'recompute'
      ? mergeWithSeams(run)
      : { logs: image.header.archives.map((_, index) => mergeArchive(run, index)), seams: [] }
  const report = reportMerge(run, logs, seams)
  const whole = [{ start: 0, end: image.bytes.length }]
  if (pairing.change) return { rrd: image, changed: true, dirty: whole, report }
  const changed = report.filled + report.replaced + report.erased > 0
  return { rrd: image, changed, dirty: dirty?.ranges() ?? (changed ? whole : []), report }
}
