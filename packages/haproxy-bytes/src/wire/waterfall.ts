import type { EditRange, ResponseEdits } from '../config/index.ts'
import { kindOf, type RangeTotal, type TermCode, type WireKind, type WireTotal } from '../model/index.ts'
import { apportion } from './apportion.ts'
import { type Modelled, restOf } from './modelled.ts'
import type { TlsEstimate } from './tls-estimate.ts'

/**
 * From logged bytes to the wire, in this order. `logged`: %B or %U; `syntax`: start lines and headers as written;
 * `added`, `deleted`, `cookies`: what rules do; `protocol`: what HAProxy itself changes of headers (Connection, lengths
 * of a 204, reason phrases); `compression`; `framing`: chunks and trailers; `interim`: responses with 1xx;
 * `own-replies`: HAProxy's own, as far as the count hasn't them; `aborted`: what was read and perhaps not delivered, or
 * sent and not read; `proxy-header`; `not-counted`: transfers that no field measures; `frames`: HTTP/2 and HTTP/3;
 * `wire`: the sum, which HAProxy wrote or read in clear text; `tls`; `socket`: with it.
 */
export const STEPS = [
  'logged',
  'syntax',
  'added',
  'deleted',
  'cookies',
  'protocol',
  'compression',
  'framing',
  'interim',
  'own-replies',
  'aborted',
  'proxy-header',
  'not-counted',
  'frames',
  'wire',
  'tls',
  'socket',
] as const
export type StepCode = (typeof STEPS)[number]

/** Bytes; without `high` there is no limit, without `value` nothing is likely. */
export interface Step {
  readonly code: StepCode
  readonly kind: WireKind
  readonly value?: bigint
  readonly low: bigint
  readonly high?: bigint
}

/** What rules do to the responses of one pair of proxies; all that is known of them is the sum. */
export interface PairEdits {
  /** Undefined: no configuration tells, and all of it is `deleted` or added. */
  readonly parts: ResponseEdits | undefined
  readonly total: WireTotal
  readonly served: number
  /** Cookies inserted. */
  readonly cookies: number
}

const STEP_OF: Readonly<Record<Exclude<TermCode, 'rewritten'>, StepCode>> = {
  logged: 'logged',
  syntax: 'syntax',
  connection: 'protocol',
  'no-content': 'protocol',
  reason: 'protocol',
  framing: 'framing',
  interim: 'interim',
  'own-reply': 'own-replies',
  replaced: 'own-replies',
  missing: 'aborted',
  unread: 'aborted',
  'proxy-header': 'proxy-header',
  frames: 'frames',
  compression: 'compression',
}

/** Steps that are not nothing, in their order. The last ones are sums. */
export function waterfall(
  modelled: Modelled,
  pairs: readonly PairEdits[],
  tls: TlsEstimate | undefined,
): Step[] {
  const { total } = modelled
  const steps = total.terms.flatMap(({ code, ...range }): Step[] =>
    code === 'rewritten' ? [] : [stepOf(STEP_OF[code], range)],
  )
  const rest = restOf(modelled)
  if (rest) {
    const code = modelled.rest === 'missing' ? 'aborted' : modelled.rest
    steps.push({ code, kind: rest.value === undefined ? 'unknown' : 'bounded', ...rest })
  }
  steps.push(...pairs.flatMap(editSteps), stepOf('wire', total))
  if (tls) {
    steps.push({ code: 'tls', kind: 'estimated', ...tls }, socketStep(total, tls))
  }
  return STEPS.flatMap((code) => {
    const own = steps.filter((step) => step.code === code)
    return own.length === 0 ? [] : [own.reduce(plus)]
  }).filter(({ code, low, high }) => low !== 0n || high !== 0n || code === 'logged' || code === 'wire')
}

const stepOf = (code: StepCode, { kind, value, low, high }: RangeTotal): Step => ({
  code,
  kind,
  low,
  ...(value !== undefined && { value }),
  ...(high !== undefined && { high }),
})

function plus(a: Step, b: Step): Step {
  const kinds = { exact: 0, bounded: 0, estimated: 0, unknown: 0 }
  kinds[a.kind]++
  kinds[b.kind]++
  return {
    code: a.code,
    kind: kindOf(kinds),
    low: a.low + b.low,
    ...(a.value !== undefined && b.value !== undefined && { value: a.value + b.value }),
    ...(a.high !== undefined && b.high !== undefined && { high: a.high + b.high }),
  }
}

function socketStep(total: RangeTotal, { low, value, high }: TlsEstimate): Step {
  return {
    code: 'socket',
    kind: total.kind === 'unknown' ? 'unknown' : 'estimated',
    low: total.low + low,
    ...(total.value !== undefined && { value: total.value + value }),
    ...(total.high !== undefined && { high: total.high + high }),
  }
}

/**
 * Parts what rules changed: the sum is as exact as the lines make it; what rules add is known from the configuration,
 * cookies from the flags of each line, and the remainder is what was deleted.
 */
function editSteps({ parts, total, served, cookies }: PairEdits): Step[] {
  const sum = total.terms.find(({ code }) => code === 'rewritten')
  if (sum === undefined) return []
  const changed = Object.values(sum.requests).reduce((all, one) => all + one, 0)
  const added = times(parts?.added, changed, Math.max(changed, served))
  const inserted = times(parts?.insertion, cookies, cookies)
  const isLimited = added !== undefined && inserted !== undefined && sum.high !== undefined
  if (!isLimited || sum.low !== sum.high) return [stepOf('deleted', sum)]
  // No rule that deletes anything: then all of it was added.
  const isKept = parts?.deleted.low === 0 && parts.deleted.high === 0
  const deleted = {
    low: isKept ? 0n : sum.low - added.high - inserted.high,
    high: isKept || parts?.deleted.high === 0 ? 0n : sum.low - added.low - inserted.low,
  }
  return apportion<StepCode>(sum.low, [
    { code: 'added', ...added, likely: added.low },
    { code: 'cookies', ...inserted, likely: inserted.low },
    { code: 'deleted', ...deleted },
  ]).map((share) =>
    share.code === 'unexplained' ? { ...share, code: 'deleted' } : { ...share, code: share.code },
  )
}

/** Undefined where one of them has no limit. */
function times(range: EditRange | undefined, least: number, most: number) {
  if (range?.low === undefined || range.high === undefined) return undefined
  return { low: BigInt(range.low * least), high: BigInt(range.high * most) }
}
