import { isDataSourceType } from '../consolidation.ts'
import { DS_PAR, PDP_SCRATCH } from '../ds-def.ts'
import { DS_DEF_SIZE, layoutOf, PDP_PREP_SIZE } from '../layout.ts'
import { isRpnOperator, RPN_NODES, refersToDataSource } from '../rpn.ts'
import type { DataSource, RrdHeader } from '../types.ts'
import { type Finding, type FindingCode, type Severity, shown } from './finding.ts'

type Add = (code: FindingCode, severity: Severity, offset: number, message: string) => void

const checkRpn = (ds: DataSource, d: number, dsCount: number, par: number, add: Add): void => {
  const nodes = ds.rpn ?? []
  if (nodes.length === RPN_NODES) {
    add('rpn-unterminated', 'error', par, 'its expression has no end')
    return
  }
  if (nodes.length === 0) add('rpn-empty', 'error', par, 'its expression is empty')
  for (const [i, node] of nodes.entries()) {
    const at = par + 4 * i
    if (!isRpnOperator(node.op)) add('rpn-operator-unknown', 'error', at, `operator ${node.op} is not known`)
    if (!refersToDataSource(node)) continue
    if (node.value < 0 || node.value >= dsCount) {
      add('rpn-reference-range', 'error', at, `it refers to data source ${node.value} of ${dsCount}`)
    } else if (node.value >= d) {
      add(
        'rpn-reference-later',
        'error',
        at,
        `it refers to data source ${node.value}, which is not computed yet`,
      )
    }
  }
}

const checkPlain = (ds: DataSource, step: number, par: number, add: Add): void => {
  if (ds.heartbeat === 0) add('ds-heartbeat-zero', 'warning', par, 'a heartbeat of 0: every value is unknown')
  else if (ds.heartbeat < step) {
    add(
      'ds-heartbeat-below-step',
      'warning',
      par,
      `heartbeat ${ds.heartbeat} s is below the step of ${step} s`,
    )
  }
  if (ds.minimum >= ds.maximum) {
    add('ds-bounds-crossed', 'warning', par + 8, `minimum ${ds.minimum} is not below maximum ${ds.maximum}`)
  }
}

/** ds_def and pdp_prep. */
export const checkDataSources = (header: RrdHeader): Finding[] => {
  const findings: Finding[] = []
  const layout = layoutOf(header)
  const seen = new Set<string>()
  for (const [d, ds] of header.dataSources.entries()) {
    const def = layout.dsDef + d * DS_DEF_SIZE
    const prep = layout.pdpPrep + d * PDP_PREP_SIZE
    const add: Add = (code, severity, offset, message) => {
      const text = `data source ${d} ${shown(ds.name)}: ${message}`
      findings.push({ code, severity, message: text, offset, dataSource: ds.name })
    }
    if (ds.name === '' || ds.name.length > 19) {
      add('ds-name-invalid', 'error', def, ds.name === '' ? 'no name' : 'the name has no end')
    } else if (!/^[a-zA-Z0-9_-]+$/.test(ds.name)) {
      add('ds-name-invalid', 'warning', def, 'a name other than of letters, digits, _ and -')
    }
    if (seen.has(ds.name)) add('ds-name-duplicate', 'error', def, 'another one has this name too')
    seen.add(ds.name)
    if (!isDataSourceType(ds.type))
      add('ds-type-unknown', 'error', def + 20, `type ${shown(ds.type)} is not known`)
    if ((ds.type === 'DCOUNTER' || ds.type === 'DDERIVE') && header.version < 5) {
      add(
        'version-too-low',
        'note',
        4,
        `${ds.type} in a file of version ${header.version}, where rrdtool writes 5`,
      )
    }
    if (ds.type === 'COMPUTE') checkRpn(ds, d, header.dataSources.length, def + DS_PAR, add)
    else checkPlain(ds, header.step, def + DS_PAR, add)
    if (ds.lastReading.length >= 30)
      add('ds-reading-unterminated', 'error', prep, 'the last reading has no end')
    if (ds.unknownSeconds > header.step) {
      const why = `${ds.unknownSeconds} unknown seconds in a step of ${header.step}`
      add('ds-prep-unknown-range', 'warning', prep + PDP_SCRATCH, why)
    }
  }
  return findings
}
