import { RPN_NODES } from './rpn.ts'
import type { UnivalKind, UnivalKinds } from './univals.ts'
import { UNIVALS } from './univals.ts'

/** ds_def.par, enum ds_param_en. */
export const DS_SLOT = { heartbeat: 0, minimum: 1, maximum: 2 } as const

/** pdp_prep.scratch, enum pdp_par_en. */
export const PDP_SLOT = { unknownSeconds: 0, value: 1 } as const

/** rra_def.par, enum rra_par_en. One slot has several names by CF. */
export const RRA_SLOT = {
  xff: 0,
  alpha: 1,
  beta: 2,
  dependentRra: 3,
  period: 4,
  gamma: 1,
  smoothingWindow: 2,
  smoothIndex: 4,
  deltaPos: 1,
  deltaNeg: 2,
  windowLength: 4,
  failureThreshold: 5,
} as const

/** cdp_prep.scratch, enum cdp_par_en. One slot has several names by CF. */
export const CDP_SLOT = {
  value: 0,
  unknownPdps: 1,
  intercept: 2,
  lastIntercept: 3,
  slope: 4,
  lastSlope: 5,
  nullCount: 6,
  lastNullCount: 7,
  seasonal: 2,
  lastSeasonal: 3,
  initSeasonal: 6,
  primary: 8,
  secondary: 9,
} as const

/** MAX_FAILURES_WINDOW_LEN: bytes of history in the first slots of a FAILURES cdp_prep. */
export const FAILURES_HISTORY = 28

const kinds = (special: Readonly<Record<number, UnivalKind>>): UnivalKinds =>
  Array.from({ length: UNIVALS }, (_, slot) => special[slot] ?? 'value')

export const STAT_KINDS = kinds({})

const DS_KINDS = kinds({ [DS_SLOT.heartbeat]: 'count' })
const RPN_KINDS: UnivalKinds = Array.from({ length: RPN_NODES / 2 }, () => 'rpn')
export const PDP_KINDS = kinds({ [PDP_SLOT.unknownSeconds]: 'count' })

const RRA_PLAIN = kinds({})
const RRA_DEPENDENT = kinds({ [RRA_SLOT.dependentRra]: 'count' })
const RRA_SEASONAL = kinds({ [RRA_SLOT.dependentRra]: 'count', [RRA_SLOT.smoothIndex]: 'count' })
const RRA_FAILURES = kinds({
  [RRA_SLOT.dependentRra]: 'count',
  [RRA_SLOT.windowLength]: 'count',
  [RRA_SLOT.failureThreshold]: 'count',
})

const CDP_PLAIN = kinds({ [CDP_SLOT.unknownPdps]: 'count' })
const CDP_PREDICT = kinds({
  [CDP_SLOT.unknownPdps]: 'count',
  [CDP_SLOT.nullCount]: 'count',
  [CDP_SLOT.lastNullCount]: 'count',
})
const CDP_SEASONAL = kinds({ [CDP_SLOT.unknownPdps]: 'count', [CDP_SLOT.initSeasonal]: 'count' })
const CDP_FAILURES = kinds({ 0: 'raw', 1: 'raw', 2: 'raw', 3: 'raw' })

/** ds_def.par by DS type. */
export const dsKinds = (type: string): UnivalKinds => (type === 'COMPUTE' ? RPN_KINDS : DS_KINDS)

/** rra_def.par by CF. The period of (M)HWPREDICT is a double: `u_val` in rrd_create.c, and so in files. */
export const rraKinds = (cf: string): UnivalKinds => {
  switch (cf) {
    case 'HWPREDICT':
    case 'MHWPREDICT':
    case 'DEVPREDICT':
      return RRA_DEPENDENT
    case 'SEASONAL':
    case 'DEVSEASONAL':
      return RRA_SEASONAL
    case 'FAILURES':
      return RRA_FAILURES
    default:
      return RRA_PLAIN
  }
}

/** cdp_prep.scratch by CF. */
export const cdpKinds = (cf: string): UnivalKinds => {
  switch (cf) {
    case 'HWPREDICT':
    case 'MHWPREDICT':
      return CDP_PREDICT
    case 'SEASONAL':
    case 'DEVSEASONAL':
      return CDP_SEASONAL
    case 'FAILURES':
      return CDP_FAILURES
    default:
      return CDP_PLAIN
  }
}
