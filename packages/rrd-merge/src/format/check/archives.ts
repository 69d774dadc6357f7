import { abiOf, structOffsets } from '../architecture.ts'
import { hasXff, isConsolidationFunction } from '../consolidation.ts'
import type { ArchiveDescription, RrdDescription } from '../description.ts'
import { CDP_PREP_SIZE, layoutOf } from '../layout.ts'
import { CDP_SLOT, FAILURES_HISTORY, RRA_SLOT } from '../slots.ts'
import type { RrdHeader } from '../types.ts'
import { type Finding, type FindingCode, type Severity, shown } from './finding.ts'

/** CFs that an archive's dependent_rra_idx may lead to: rra_par_en of rrd_format.h. */
const DEPENDENTS: Readonly<Record<string, readonly string[]>> = {
  HWPREDICT: ['SEASONAL'],
  MHWPREDICT: ['SEASONAL'],
  SEASONAL: ['HWPREDICT', 'MHWPREDICT'],
  DEVSEASONAL: ['HWPREDICT', 'MHWPREDICT'],
  DEVPREDICT: ['DEVSEASONAL'],
  FAILURES: ['DEVSEASONAL'],
}

type Add = (code: FindingCode, severity: Severity, offset: number, message: string) => void

const checkDependent = (
  archive: ArchiveDescription,
  all: readonly ArchiveDescription[],
  at: number,
  add: Add,
) => {
  const wanted = DEPENDENTS[archive.cf]
  if (!wanted) return
  const index = archive.parameters.count(RRA_SLOT.dependentRra)
  const found = all[index]?.cf
  if (found === undefined) {
    add('hw-dependent-missing', 'error', at, `it depends on archive ${index} of ${all.length}`)
  } else if (!wanted.includes(found)) {
    add(
      'hw-dependent-cf',
      'error',
      at,
      `it depends on archive ${index}, ${shown(found)} and not ${wanted.join(' or ')}`,
    )
  }
}

const checkFailures = (archive: ArchiveDescription, par: number, add: Add) => {
  const window = archive.parameters.count(RRA_SLOT.windowLength)
  const threshold = archive.parameters.count(RRA_SLOT.failureThreshold)
  if (window < 1 || window > FAILURES_HISTORY || threshold > window) {
    const why = `a window of ${window} (1 to ${FAILURES_HISTORY}) with threshold ${threshold}`
    add('failures-window-range', 'error', par + 8 * RRA_SLOT.windowLength, why)
  }
}

/** rra_def and cdp_prep. */
export const checkArchives = (header: RrdHeader, description: RrdDescription): Finding[] => {
  const findings: Finding[] = []
  const structs = structOffsets(abiOf(header.architecture))
  const layout = layoutOf(header)
  const dsCount = header.dataSources.length
  for (const [r, archive] of description.archives.entries()) {
    const def = layout.rraDef + r * structs.rraDef
    const par = def + structs.rraPar
    const add: Add = (code, severity, offset, message) => {
      const text = `archive ${r} ${shown(archive.cf)}: ${message}`
      findings.push({ code, severity, message: text, offset, archive: r })
    }
    if (!isConsolidationFunction(archive.cf))
      add('cf-unknown', 'error', def, 'the consolidation function is not known')
    const xff = archive.parameters.value(RRA_SLOT.xff)
    if (hasXff(archive.cf) && !(xff >= 0 && xff < 1)) {
      add('xff-range', 'warning', par, `xff ${xff} is not from 0 to below 1`)
    }
    checkDependent(archive, description.archives, par + 8 * RRA_SLOT.dependentRra, add)
    if (archive.cf === 'FAILURES') checkFailures(archive, par, add)
    for (const [d, prep] of archive.preps.entries()) {
      const unknown = prep.count(CDP_SLOT.unknownPdps)
      if (!hasXff(archive.cf) || unknown <= archive.pdpPerRow) continue
      const at = layout.cdpPrep + (r * dsCount + d) * CDP_PREP_SIZE + 8 * CDP_SLOT.unknownPdps
      const of = shown((header.dataSources[d] as { name: string }).name)
      add('prep-unknown-range', 'warning', at, `${unknown} unknown points of ${archive.pdpPerRow} for ${of}`)
    }
  }
  return findings
}
