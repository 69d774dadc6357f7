import type { Model, WireTotal } from '../model/index.ts'

/** `wire` of one direction: bytes on the client's socket, above TLS. */
export function wireDirection({ value, low, high, kind, requests, assumes, reasons, aborted }: WireTotal) {
  return {
    value: value ?? null,
    low,
    high: high ?? null,
    kind,
    requests,
    assumes,
    reasons,
    ...(aborted.low !== 0n || aborted.high !== 0n
      ? { aborted: { low: aborted.low, high: aborted.high ?? null } }
      : {}),
  }
}

/** What %B counts, and how that is known. */
export const modelDocument = ({ accounting, version, source }: Model) => ({
  accounting,
  version: version ? version.join('.') : null,
  source,
})
