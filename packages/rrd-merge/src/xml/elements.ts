import { CDP_SLOT, RRA_SLOT } from '../format/slots.ts'

/** An element of `rrdtool dump` and the unival it stands for. */
export interface SlotElement {
  readonly name: string
  readonly slot: number
  readonly kind: 'value' | 'count'
}

const value = (name: string, slot: number): SlotElement => ({ name, slot, kind: 'value' })
const count = (name: string, slot: number): SlotElement => ({ name, slot, kind: 'count' })

const dependent = count('dependent_rra_idx', RRA_SLOT.dependentRra)
const smoothingWindow = value('smoothing_window', RRA_SLOT.smoothingWindow)

/** Children of <params> in the order in which rrdtool writes them. */
export const parameterElements = (cf: string, version: number): readonly SlotElement[] => {
  switch (cf) {
    case 'HWPREDICT':
    case 'MHWPREDICT':
      return [value('hw_alpha', RRA_SLOT.alpha), value('hw_beta', RRA_SLOT.beta), dependent]
    case 'SEASONAL':
    case 'DEVSEASONAL':
      return [
        value('seasonal_gamma', RRA_SLOT.gamma),
        count('seasonal_smooth_idx', RRA_SLOT.smoothIndex),
        ...(version >= 4 ? [smoothingWindow] : []),
        dependent,
      ]
    case 'FAILURES':
      return [
        value('delta_pos', RRA_SLOT.deltaPos),
        value('delta_neg', RRA_SLOT.deltaNeg),
        count('window_len', RRA_SLOT.windowLength),
        count('failure_threshold', RRA_SLOT.failureThreshold),
        dependent,
      ]
    case 'DEVPREDICT':
      return [dependent]
    default:
      return [value('xff', RRA_SLOT.xff)]
  }
}

const COMMON = [value('primary_value', CDP_SLOT.primary), value('secondary_value', CDP_SLOT.secondary)]

/** Children of <cdp_prep><ds> in rrdtool's order; FAILURES adds <history>. */
export const prepElements = (cf: string): readonly SlotElement[] => {
  switch (cf) {
    case 'HWPREDICT':
    case 'MHWPREDICT':
      return [
        ...COMMON,
        value('intercept', CDP_SLOT.intercept),
        value('last_intercept', CDP_SLOT.lastIntercept),
        value('slope', CDP_SLOT.slope),
        value('last_slope', CDP_SLOT.lastSlope),
        count('nan_count', CDP_SLOT.nullCount),
        count('last_nan_count', CDP_SLOT.lastNullCount),
      ]
    case 'SEASONAL':
    case 'DEVSEASONAL':
      return [
        ...COMMON,
        value('seasonal', CDP_SLOT.seasonal),
        value('last_seasonal', CDP_SLOT.lastSeasonal),
        count('init_flag', CDP_SLOT.initSeasonal),
      ]
    case 'DEVPREDICT':
    case 'FAILURES':
      return COMMON
    default:
      return [...COMMON, value('value', CDP_SLOT.value), count('unknown_datapoints', CDP_SLOT.unknownPdps)]
  }
}

const byName = (elements: readonly SlotElement[]): ReadonlyMap<string, SlotElement> =>
  new Map(elements.map((element) => [element.name, element]))

const CFS = ['HWPREDICT', 'SEASONAL', 'FAILURES', 'DEVPREDICT', 'AVERAGE']

/** All children of <params> and of <cdp_prep><ds> whatever the CF: rrdtool restore takes them anywhere. */
export const PARAMETERS_BY_NAME = byName(CFS.flatMap((cf) => parameterElements(cf, 4)))
export const PREPS_BY_NAME = byName(CFS.flatMap(prepElements))
