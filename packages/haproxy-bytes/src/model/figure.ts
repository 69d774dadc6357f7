/**
 * `exact`: the bytes on the socket, but for what `assumes` names; `bounded`: certainly between `low` and `high`;
 * `estimated`: likely between them; `unknown`: only `low` can be said, if anything.
 */
export type WireKind = 'exact' | 'bounded' | 'estimated' | 'unknown'

/** What a figure is made of. Texts for people are in findings/. */
export type TermCode =
  | 'logged' // %B or %U
  | 'syntax' // a start line and headers as written, against HAProxy's inner form of them
  | 'rewritten' // headers added, changed, deleted; cookies
  | 'no-content' // Content-Length and Transfer-Encoding, which a 204 may not have
  | 'reason' // another reason phrase, where a rule sets the status
  | 'connection' // a Connection header of HAProxy's own
  | 'framing' // chunk sizes and line ends, trailers
  | 'interim' // responses with 1xx
  | 'own-reply' // made by HAProxy and not counted in %B
  | 'replaced' // the server's response, dropped for one of HAProxy's own
  | 'missing' // announced or read, and perhaps not delivered
  | 'unread' // sent by the client, and perhaps not read
  | 'proxy-header' // PROXY protocol
  | 'frames' // HTTP/2 and HTTP/3
  | 'compression'

/** Bytes, each negative where the wire had less. Without `high` there is no limit. */
export interface WireTerm {
  readonly code: TermCode
  readonly kind: WireKind
  readonly value?: number
  readonly low: number
  readonly high?: number
}

/**
 * `no-client-close`: the client didn't ask to close, which costs 19 bytes (nor is the frontend being stopped, nor, where
 * there is no configuration, is it told `option httpclose`); `no-client-keep-alive`: nor did it send `Connection:
 * keep-alive`; `usual-syntax`: one blank after each colon, lines end in CRLF; `no-interim`: no 1xx came before a response
 * whose length isn't announced; `few-interims`: at most two of them; `above-tls`: bytes that TLS carries, without its
 * records; `no-proxy-header`: not told by a configuration; `no-proxy-tlv`: one of version 2 without further data;
 * `no-compression`: not told by any field, nor by a configuration.
 */
export type AssumptionCode =
  | 'no-client-close'
  | 'no-client-keep-alive'
  | 'usual-syntax'
  | 'no-interim'
  | 'few-interims'
  | 'above-tls'
  | 'no-proxy-header'
  | 'no-proxy-tlv'
  | 'no-compression'

/** What no field shows, and by how many bytes each request is off where it isn't so. */
export interface Assumption {
  readonly code: AssumptionCode
  readonly requests: number
  /** At most, where answers are of many lengths: then it is a power of two. */
  readonly bytes: number
}

/** Why a figure is unknown. */
export type UnknownReason =
  | 'no-bytes' // the format has no count
  | 'partial' // option logasap
  | 'swapped' // 3.3.0 logs %B and %U the wrong way round
  | 'compressed'
  | 'not-parsed' // a request that HAProxy could not read is not counted
  | 'unread' // a reply before the end of the request
  | 'framing-rewritten' // rules change Content-Length or Transfer-Encoding

/** Bytes on one leg's socket in one direction, for one transfer. `value` lies between `low` and `high`. */
export interface WireFigure {
  readonly kind: WireKind
  readonly value?: number
  readonly low: number
  readonly high?: number
  readonly terms: readonly WireTerm[]
  readonly assumes: readonly Assumption[]
  /** Broken off while data went: `high` is what HAProxy read, the kernel may have taken less. */
  readonly aborted?: true
  readonly reason?: UnknownReason
  /** Of a compressed response: bytes beside the compressed body and its chunk framing. */
  readonly head?: { readonly low: number; readonly high: number }
}

/** What one transfer was on the client's socket. */
export interface Wire {
  /** From HAProxy to the client. */
  readonly out: WireFigure
  /** From the client to HAProxy. */
  readonly in: WireFigure
}

const ORDER: readonly WireKind[] = ['exact', 'bounded', 'estimated', 'unknown']

export function worseKind(a: WireKind, b: WireKind): WireKind {
  return ORDER.indexOf(a) < ORDER.indexOf(b) ? b : a
}

export const exactly = (code: TermCode, value: number): WireTerm => ({
  code,
  kind: 'exact',
  value,
  low: value,
  high: value,
})

/** A range of no width is exact. @param value the likely one */
export function between(
  code: TermCode,
  low: number,
  high: number,
  value = low,
  kind: WireKind = 'bounded',
): WireTerm {
  return low === high ? exactly(code, low) : { code, kind, value, low, high }
}

export const assume = (code: AssumptionCode, bytes: number): Assumption => ({ code, requests: 1, bytes })

/** Adds terms up. No count goes below 0. */
export function figureOf(terms: readonly WireTerm[], assumes: readonly Assumption[] = []): WireFigure {
  let kind: WireKind = 'exact'
  let low = 0
  let [value, high]: (number | undefined)[] = [0, 0]
  for (const term of terms) {
    kind = worseKind(kind, term.kind)
    low += term.low
    high = high === undefined || term.high === undefined ? undefined : high + term.high
    value = value === undefined || term.value === undefined ? undefined : value + term.value
  }
  return {
    kind,
    low: Math.max(0, low),
    terms: terms.filter((term) => !(term.kind === 'exact' && term.value === 0 && term.code !== 'logged')),
    assumes,
    ...(value !== undefined && { value: Math.max(0, value) }),
    ...(high !== undefined && { high: Math.max(0, high) }),
  }
}

/** Nothing but a least can be said. */
export function unknownFigure(
  reason: UnknownReason,
  terms: readonly WireTerm[] = [],
  low = 0,
  high?: number,
): WireFigure {
  return {
    kind: 'unknown',
    reason,
    low: Math.max(0, low),
    terms,
    assumes: [],
    ...(high !== undefined && { high }),
  }
}
