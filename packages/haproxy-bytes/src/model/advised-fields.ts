import { isAtLeast, type Version } from './version.ts'

/** What a configuration needs so that bytes on the client's socket follow from a line. */
export interface AdvisedFields {
  /** First among the rules of each frontend. */
  readonly frontendFirst: readonly string[]
  /** Last among the `http-after-response` rules of each frontend. */
  readonly frontendLast: readonly string[]
  /** First among the `http-response` rules of each backend. */
  readonly backendFirst: readonly string[]
  /** Items of the log-format, each `name=%[...]`: beside %B, %U, %ST, %tsc, %s and %ci. */
  readonly items: readonly string[]
  /** Empty where this version can't give them; else why the set is what it is. */
  readonly lacks: 'none' | 'response-lengths'
}

export interface AdviseOptions {
  /** Also what the server's leg needs. */
  readonly server?: boolean
}

/**
 * Lengths of the request: method, URI and headers in one, so that what a rule does to any of them shows. The number
 * of headers turns lengths on the wire into those of the inner form.
 */
const REQUEST = (name: string): readonly string[] => [
  'http-request set-var(txn.hb_qu) url,length',
  'http-request set-var(txn.hb_qm) method,length,add(txn.hb_qu)',
  `http-request set-var(txn.hb_${name}) req.hdrs,length,add(txn.hb_qm)`,
]

const REQUEST_FIRST: readonly string[] = [
  'http-request set-var(txn.hb_nq0) req.fhdr_cnt',
  ...REQUEST('qh0'),
  // `add(0)` makes a number of it whatever it was: nothing that a client sent is logged.
  'http-request set-var(txn.hb_ql) req.hdr(content-length),add(0)',
  'http-request set-var(txn.hb_ql) int(-1) if { req.hdr(transfer-encoding) -m found }',
]

const RESPONSE_FIRST: readonly string[] = [
  'http-response set-var(txn.hb_nh0) res.fhdr_cnt',
  'http-response set-var(txn.hb_rh0) res.hdrs,length',
]

const RESPONSE_LAST: readonly string[] = [
  'http-after-response set-var(txn.hb_nh1) res.fhdr_cnt',
  'http-after-response set-var(txn.hb_rh1) res.hdrs,length',
  'http-after-response set-var(txn.hb_rl) res.hdr(content-length),add(0)',
  'http-after-response set-var(txn.hb_rl) int(-1) if { res.hdr(transfer-encoding) -m found }',
  'http-after-response set-var(txn.hb_s10) int(1) if { res.ver 1.0 }',
]

const REQUEST_NAMES = ['nq0', 'qh0', 'ql']
const RESPONSE_NAMES = ['nh0', 'rh0', 'nh1', 'rh1', 'rl', 's10']
const variable = (name: string): string => `${name}=%[var(txn.hb_${name})]`

/**
 * The least that makes the rows of HAProxy's HTTP/1 exact. `http-after-response` and `res.hdrs` are there since 2.2,
 * `add(variable)` since 1.6, `res.comp` since 1.6; before 2.2 %B and %U are the wire's (1.8) or can't be cured (2.0).
 * @param version undefined: one that is maintained
 */
export function advisedFields(version?: Version, { server = false }: AdviseOptions = {}): AdvisedFields {
  const method = ['method=%HM', 'version=%HV']
  if (version && !isAtLeast(version, 2, 2))
    return { frontendFirst: [], frontendLast: [], backendFirst: [], items: method, lacks: 'response-lengths' }
  // 3.3.0 gives the request's figures for it.
  const output = version && isAtLeast(version, 3, 3, 1) ? ['ro=%[res.bytes_out]'] : []
  return {
    frontendFirst: REQUEST_FIRST,
    frontendLast: RESPONSE_LAST,
    backendFirst: RESPONSE_FIRST,
    items: [
      ...method,
      ...[...REQUEST_NAMES, ...(server ? ['qh1'] : []), ...RESPONSE_NAMES].map(variable),
      'comp=%[res.comp]',
      ...output,
    ],
    lacks: 'none',
  }
}

/** Last among the `http-request` rules of each backend, for the server's leg. */
export const serverLegRules = (): readonly string[] => REQUEST('qh1')
