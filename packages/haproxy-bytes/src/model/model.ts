import { NO_FACTS, type ProxyFacts } from '../config/wire-facts.ts'
import { isSet, type WireFields } from './fields.ts'
import { assume, exactly, unknownFigure, type Wire, type WireFigure } from './figure.ts'
import { legacyWire } from './legacy.ts'
import type { LoggedTransfer, WireContext } from './logged-transfer.ts'
import { requestBytes } from './request.ts'
import { responseBytes } from './response.ts'
import { tcpWire } from './tcp.ts'
import { type Accounting, accountingOf, parseVersion, type Version } from './version.ts'

/** What is known beside a version. */
export interface ModelHints {
  /** Of a snapshot's `show info`, where none was given. */
  readonly snapshotVersion?: string
  /** What lines themselves show, see `Signatures`. */
  readonly accounting?: Accounting
  readonly htx?: boolean
}

/** Where the accounting is known from; `assumed`: HTX, as in every version since 2.0 but 3.3.0. */
export type ModelSource = 'version' | 'snapshot' | 'lines' | 'assumed'

/** Why figures of this version can't be billed, whatever the line says. */
export type ModelTrap = 'swapped' | 'own-replies-zero'

/** How a version of HAProxy counts. */
export interface Model {
  readonly accounting: Accounting
  readonly version: Version | undefined
  readonly source: ModelSource
  readonly traps: readonly ModelTrap[]
  /** Bytes on the client's socket, for one transfer. Pure. */
  wire(transfer: LoggedTransfer, fields?: WireFields, facts?: ProxyFacts): Wire
}

/**
 * The model of a version. Fields since 2.2 (`res.hdrs`) prove HTX by themselves, so that lines that have them need no
 * version. @param version `2.6.12` and the like; undefined where nobody says
 */
export function modelFor(version: string | undefined, hints: ModelHints = {}): Model {
  const given = version === undefined ? undefined : parseVersion(version)
  const seen = hints.snapshotVersion === undefined ? undefined : parseVersion(hints.snapshotVersion)
  const known = given ?? seen
  const legacy = hints.htx === undefined ? undefined : !hints.htx
  const accounting = known ? accountingOf(known, legacy) : (hints.accounting ?? 'htx')
  const source = given ? 'version' : seen ? 'snapshot' : hints.accounting ? 'lines' : 'assumed'
  const traps: ModelTrap[] =
    accounting === 'swapped' ? ['swapped'] : accounting === 'htx-own-zero' ? ['own-replies-zero'] : []
  return {
    accounting,
    version: known,
    source,
    traps,
    wire: (transfer, fields = {}, facts = NO_FACTS) =>
      withTls(wireOf(transfer, fields, { accounting, version: known, facts }), transfer, facts),
  }
}

function wireOf(transfer: LoggedTransfer, fields: WireFields, context: WireContext): Wire {
  const { facts, accounting } = context
  if (accounting === 'swapped') return { out: swapped(transfer.bytesOut), in: swapped(transfer.bytesIn) }
  const isTcp = facts.mode === 'tcp' || (facts.mode === undefined && isWithoutHttp(transfer, fields))
  if (isTcp) return tcpWire(transfer, context)
  if (accounting === 'wire') return legacyWire(transfer, context)
  return { out: responseBytes(transfer, fields, context), in: requestBytes(transfer, fields, context) }
}

/** `option tcplog` and its like: no status, nothing of HTTP. */
const isWithoutHttp = ({ status, state }: LoggedTransfer, { method, rh1, nq0 }: WireFields): boolean =>
  status === undefined && method === undefined && !isSet(rh1) && !isSet(nq0) && (state?.length ?? 2) === 2

const swapped = (bytes: number | undefined): WireFigure =>
  unknownFigure('swapped', bytes === undefined ? [] : [exactly('logged', bytes)])

/** Handshakes and records are between the socket and what HAProxy counts. 22 bytes a record of TLS 1.3. */
function withTls(wire: Wire, { tls }: LoggedTransfer, facts: ProxyFacts): Wire {
  if (tls === false || (tls === undefined && facts.tls === 'none')) return wire
  const above = (figure: WireFigure): WireFigure => ({
    ...figure,
    assumes: [...figure.assumes, assume('above-tls', 22)],
  })
  return { out: above(wire.out), in: above(wire.in) }
}
