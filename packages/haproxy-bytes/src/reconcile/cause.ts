import type { TermCode } from '../model/index.ts'
import { type Candidate as CandidateOf, type Share, shareOf } from '../wire/index.ts'

/**
 * Why a sum and a count differ. Against HAProxy's counters: `lost`: lines that never arrived; `partial`: lines written
 * before the end of their transfers; `unread`: lines that are cut off or can't be read; `not-logged`: the configuration
 * leaves transfers out of the log; `monitor`: answers to monitor-uri, which are counted and never logged; `in-flight`:
 * transfers that were under way at a snapshot; `no-server`: replies that reached no backend, which its counters don't
 * have; `other-process`: lines of a process that wasn't counted; `repeated`: lines that the log has twice.
 * Against what a client received also the terms of the model; `lost-overhead`: what lost lines had on the wire beside
 * their count; `client-connection`: what clients ask of a connection, which no field shows; `tls`: records and
 * handshakes; `not-counted`: transfers of which no field tells how many bytes they had.
 */
export type CauseCode =
  | TermCode
  | 'lost'
  | 'partial'
  | 'unread'
  | 'not-logged'
  | 'monitor'
  | 'in-flight'
  | 'no-server'
  | 'other-process'
  | 'repeated'
  | 'lost-overhead'
  | 'client-connection'
  | 'tls'
  | 'not-counted'
  | 'unexplained'

export type Cause = Share<CauseCode>
export type Candidate = CandidateOf<CauseCode>

/** Causes of several gaps, by code: of all together. */
export function merged(causes: readonly Cause[]): Cause[] {
  const byCode = new Map<CauseCode, Cause>()
  for (const cause of causes) {
    const { value, low, high } = byCode.get(cause.code) ?? { value: 0n, low: 0n, high: 0n }
    byCode.set(cause.code, shareOf(cause.code, value + cause.value, low + cause.low, high + cause.high))
  }
  return [...byCode.values()]
}
