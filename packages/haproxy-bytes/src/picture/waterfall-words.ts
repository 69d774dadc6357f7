import { formatBytes, formatCount } from '@nightshift/tooling/terminal'
import { STEP_WORDS } from '../report/step-words.ts'
import type { Explanation, Step } from '../wire/index.ts'
import type { Waterfall } from './waterfall-rows.ts'

const DIRECTIONS = { out: 'to clients', in: 'from clients' } as const

export function waterfallTitle({ frontend, direction, requests }: Waterfall): string {
  const name = frontend === undefined ? 'All' : (frontend ?? '-')
  return `${name}, ${DIRECTIONS[direction]}: ${formatCount(requests)} transfers`
}

export function stepText({ code, kind, value, low, high }: Step): string {
  const bytes = value === undefined ? 'nothing is likely' : `${formatCount(value)} bytes`
  const range =
    kind === 'exact'
      ? ''
      : `, ${formatCount(low)} ${high === undefined ? 'or more' : `to ${formatCount(high)}`}`
  return `${STEP_WORDS[code]}: ${bytes}${range} (${kind})`
}

/** The picture in words. */
export function describeWaterfall({ totals, frontends }: Explanation): string {
  const find = (code: Step['code']): Step | undefined =>
    totals.out.waterfall.find((step) => step.code === code)
  const [logged, wire] = [find('logged'), find('wire')]
  const size = (step: Step | undefined): string =>
    step === undefined
      ? 'nothing'
      : step.value === undefined
        ? `at least ${formatBytes(step.low)}`
        : formatBytes(step.value)
  const proxies = frontends.length === 1 ? '1 frontend' : `${formatCount(frontends.length)} frontends`
  return `${formatCount(totals.requests)} transfers of ${proxies}: ${size(logged)} logged, ${size(wire)} on the wire to clients (${wire?.kind ?? 'unknown'}).`
}
