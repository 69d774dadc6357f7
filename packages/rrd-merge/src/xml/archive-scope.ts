import type { ArchiveDescription } from '../format/description.ts'
import { newPrep } from '../format/new-parts.ts'
import { FAILURES_HISTORY, RRA_SLOT, rraKinds } from '../format/slots.ts'
import { UNIVALS, Univals } from '../format/univals.ts'
import { CellList, MOST_CELLS } from './cell-list.ts'
import { PARAMETERS_BY_NAME, PREPS_BY_NAME, type SlotElement } from './elements.ts'
import type { Scope, Values } from './scope.ts'

const slotScope = (values: Values, element: SlotElement | undefined, univals: Univals): Scope | undefined => {
  if (!element) return undefined
  return element.kind === 'count'
    ? values.count((count) => univals.setCount(element.slot, count))
    : values.double((value) => univals.setValue(element.slot, value))
}

/** <params>; rrdtool 1.0.49 wrote its ten univals as <value> each, whatever they meant. */
const parametersScope = (values: Values, univals: Univals, cf: () => string): Scope => {
  let slot = 0
  const unnamed = values.double((value) => {
    if (slot >= UNIVALS) values.fail(`more than ${UNIVALS} values in <params>`)
    if (rraKinds(cf())[slot] === 'count') univals.setCount(slot, Math.max(0, Math.trunc(value) || 0))
    else univals.setValue(slot, value)
    slot++
  })
  return {
    child: (name) => (name === 'value' ? unnamed : slotScope(values, PARAMETERS_BY_NAME.get(name), univals)),
  }
}

const prepScope = (values: Values, univals: Univals): Scope => {
  const history: Scope = {
    text: (text) => {
      if (!/^[01]*$/.test(text)) values.fail('<history> is not made of 0 and 1')
      if (text.length > FAILURES_HISTORY) values.fail(`<history> is longer than ${FAILURES_HISTORY}`)
      for (let i = 0; i < text.length; i++) univals.bytes[i] = text[i] === '1' ? 1 : 0
    },
  }
  return {
    child: (name) => (name === 'history' ? history : slotScope(values, PREPS_BY_NAME.get(name), univals)),
  }
}

const databaseScope = (values: Values, cells: CellList, dsCount: number): Scope => {
  let rowEnd = 0
  const cell: Scope = { text: (text) => cells.push(values.parseDouble(text)) }
  const row: Scope = {
    child: (name) => (name === 'v' ? cell : undefined),
    close: () => {
      if (cells.length - rowEnd !== dsCount) {
        values.fail(`a <row> of ${cells.length - rowEnd} values for ${dsCount} data sources`)
      }
      rowEnd = cells.length
      if (rowEnd > MOST_CELLS) values.fail(`an archive of over ${MOST_CELLS} values`)
    },
  }
  return { child: (name) => (name === 'row' ? row : undefined) }
}

/** <rra>. Rows come oldest first, so the row written last is the last one. */
export const archiveScope = (
  values: Values,
  dsCount: number,
  done: (archive: ArchiveDescription) => void,
): Scope => {
  const parameters = new Univals()
  const preps: Univals[] = []
  const cells = new CellList()
  let cf = ''
  let pdpPerRow = 0
  const children: Readonly<Record<string, Scope>> = {
    cf: values.name(20, (name) => {
      cf = name
    }),
    pdp_per_row: values.whole(1, (count) => {
      pdpPerRow = count
    }),
    // Version 0001 and JRobin have it here and not in <params>.
    xff: values.double((value) => parameters.setValue(RRA_SLOT.xff, value)),
    params: parametersScope(values, parameters, () => cf),
    cdp_prep: {
      child: (name) => {
        if (name !== 'ds') return undefined
        const univals = new Univals()
        preps.push(univals)
        return prepScope(values, univals)
      },
    },
    database: databaseScope(values, cells, dsCount),
  }
  return {
    child: (name) => (Object.hasOwn(children, name) ? children[name] : undefined),
    close: () => {
      if (cf === '') values.fail('<rra> without <cf>')
      if (pdpPerRow === 0) values.fail('<rra> without <pdp_per_row>')
      if (cells.length === 0) values.fail('<rra> without rows')
      if (preps.length === 0) preps.push(...Array.from({ length: dsCount }, () => newPrep(0)))
      if (preps.length !== dsCount) {
        values.fail(`<cdp_prep> of ${preps.length} <ds> for ${dsCount} data sources`)
      }
      const rowCount = cells.length / dsCount
      done({ cf, rowCount, pdpPerRow, parameters, currentRow: rowCount - 1, preps, cells: cells.view() })
    },
  }
}
