export { FactsOf } from './facts-of.ts'
export { type TlsTraffic, WireGroup } from './wire-group.ts'
export { ASKED_FIELDS, type WireSettings, WireTotals } from './wire-totals.ts'
