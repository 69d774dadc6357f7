import { describe, expect, test } from 'vitest'
import { parseConfig, wireFacts } from '../../src/config/index.ts'
import {
  accountingOf,
  type LoggedTransfer,
  modelFor,
  parseVersion,
  Signatures,
  type Version,
  type WireFields,
  wireCounters,
} from '../../src/model/index.ts'
import { HTTP_FORMAT, lineReader } from './advised.ts'
import { RECORDED } from './recorded.ts'

const facts = (frontend: string, backend = '') => {
  const { proxies } = parseConfig(
    `frontend fe\n  mode http\n  bind :80\n${frontend}\nbackend be\n  mode http\n${backend}\n  server s1 127.0.0.1:1`,
  )
  const [front, back] = proxies
  if (front === undefined) throw new Error('no frontend')
  return wireFacts(front, back)
}
const PLAIN = facts('')

const read = lineReader(HTTP_FORMAT)

describe.each(['2.2.0', '2.6.12', '3.0.0', undefined])('HAProxy %s', (version) => {
  test.each(RECORDED)('$row', ({ line, out, in: sent }) => {
    const { transfer, fields } = read(Buffer.from(line))
    const wire = modelFor(version).wire(transfer, fields, PLAIN)
    expect([wire.out.kind, wire.out.value, wire.in.kind, wire.in.value]).toEqual([
      'exact',
      out,
      'exact',
      sent,
    ])
  })
})

test('the worked example: 1143 logged, 5 bytes of syntax, 1148 on the wire', () => {
  const { transfer, fields } = read(Buffer.from(RECORDED[0]?.line ?? ''))
  expect(modelFor('2.6.12').wire(transfer, fields, PLAIN).out).toMatchObject({
    value: 1148,
    terms: [
      { code: 'logged', value: 1143 },
      { code: 'syntax', value: 5 },
    ],
    assumes: [{ code: 'no-client-close', requests: 1, bytes: 19 }],
  })
})

/** A GET of 1000 bytes, as it is in every version that has the inner form. */
const GET: LoggedTransfer = {
  bytesOut: 1143,
  bytesIn: 70,
  status: 200,
  state: '----',
  server: 's1',
  partial: false,
}
const GET_FIELDS: WireFields = {
  method: 'GET',
  version: 'HTTP/1.1',
  nq0: 2,
  qh0: 51,
  ql: null,
  nh0: 5,
  rh0: 131,
  nh1: 5,
  rh1: 131,
  rl: 1000,
  s10: null,
  comp: 0,
}
const NO_SERVER: LoggedTransfer = { ...GET, status: 503, state: 'SC--', server: '<NOSRV>' }
const NO_SERVER_FIELDS: WireFields = { ...GET_FIELDS, nh0: null, rh0: null, nh1: 3, rh1: 73, rl: 107 }

describe('versions', () => {
  test.each<[string, Version]>([
    ['2.6.12-1+deb12u4', [2, 6, 12]],
    ['HAProxy version 3.3.0-7ab1c2d 2025/11/26 - https://haproxy.org/', [3, 3, 0]],
    ['3.5-dev5', [3, 5, 0]],
    ['1.8', [1, 8, 0]],
  ])('%s', (text, version) => {
    expect(parseVersion(text)).toEqual(version)
  })

  test.each<[Version, boolean | undefined, string]>([
    [[1, 8, 0], undefined, 'wire'],
    [[1, 9, 0], undefined, 'wire'],
    [[1, 9, 0], false, 'htx'],
    [[2, 0, 0], undefined, 'htx'],
    [[2, 0, 0], true, 'wire'],
    [[2, 1, 0], true, 'htx'],
    [[2, 6, 12], undefined, 'htx'],
    [[3, 3, 0], undefined, 'swapped'],
    [[3, 3, 1], undefined, 'htx'],
    [[3, 4, 0], undefined, 'htx-own-zero'],
    [[3, 5, 0], undefined, 'htx-own-zero'],
  ])('%j, legacy %s: %s', (version, legacy, accounting) => {
    expect(accountingOf(version, legacy)).toBe(accounting)
  })

  test.each<[Version, boolean, string]>([
    [[2, 4, 0], false, 'absent'],
    [[2, 6, 12], false, 'wire'],
    [[2, 8, 0], false, 'wire'],
    [[2, 9, 0], false, 'doubled'],
    [[3, 4, 0], false, 'doubled'],
    [[3, 4, 0], true, 'wire'],
  ])('h1_bytes of %j, zero copy off %s: %s', (version, off, expected) => {
    expect(wireCounters(version, off)).toBe(expected)
  })

  test('3.3.0 is refused, by its version and by what its lines say', () => {
    const swapped: LoggedTransfer = { ...GET, bytesOut: 70, bytesIn: 1143 }
    expect(modelFor('3.3.0').traps).toEqual(['swapped'])
    expect(modelFor('3.3.0').wire(GET, GET_FIELDS, PLAIN)).toMatchObject({
      out: { kind: 'unknown', reason: 'swapped' },
      in: { kind: 'unknown', reason: 'swapped' },
    })
    expect(modelFor(undefined).wire(swapped, GET_FIELDS, PLAIN).out).toMatchObject({
      kind: 'unknown',
      reason: 'swapped',
    })
    const signatures = new Signatures()
    signatures.observe(swapped, GET_FIELDS)
    expect(signatures.accounting).toBe('swapped')
  })

  test('3.4 counts nothing of what HAProxy answers itself: it follows from its headers', () => {
    const zero: LoggedTransfer = { ...NO_SERVER, bytesOut: 0 }
    expect(modelFor('3.4.0').wire(zero, NO_SERVER_FIELDS, PLAIN).out).toMatchObject({
      kind: 'exact',
      value: 214,
    })
    const signatures = new Signatures()
    signatures.observe(zero)
    expect(signatures.accounting).toBe('htx-own-zero')
    const both = new Signatures()
    both.observe(NO_SERVER_WITH(217))
    both.merge(signatures)
    expect(both.accounting).toBeUndefined()
  })

  test('1.8 counts the wire: exact but for what is added, deleted or compressed', () => {
    const old: LoggedTransfer = { ...GET, bytesOut: 1172, bytesIn: 63 }
    const model = modelFor('1.8.0')
    expect(model.wire(old, {}, PLAIN)).toMatchObject({
      out: { kind: 'bounded', low: 1148, high: 1191, value: 1172 },
      in: { kind: 'exact', value: 63 },
    })
    expect(model.wire({ ...NO_SERVER, bytesOut: 213 }, {}, PLAIN).out).toMatchObject({
      kind: 'exact',
      value: 213,
    })
    expect(model.wire(old, {}, facts('  compression algo gzip')).out).toMatchObject({
      kind: 'unknown',
      reason: 'compressed',
    })
    expect(model.wire(old, {}, facts("  http-response add-header x-test '0123456789'")).out).toMatchObject({
      value: 1172 + 20,
      low: 1148 + 20,
    })
  })

  test('a version that is given counts for more than that of a snapshot, and that for more than what lines show', () => {
    const hints = { snapshotVersion: '2.8.3', accounting: 'swapped' } as const
    expect(modelFor('3.3.0', hints)).toMatchObject({ source: 'version', accounting: 'swapped' })
    expect(modelFor(undefined, hints)).toMatchObject({
      source: 'snapshot',
      accounting: 'htx',
      version: [2, 8, 3],
    })
    expect(modelFor(undefined, { accounting: 'swapped' })).toMatchObject({
      source: 'lines',
      accounting: 'swapped',
    })
    expect(modelFor(undefined)).toMatchObject({ source: 'assumed', accounting: 'htx' })
  })
})

function NO_SERVER_WITH(bytesOut: number): LoggedTransfer {
  return { ...NO_SERVER, bytesOut }
}

describe('lines that tell less', () => {
  const model = modelFor('2.6.12')
  const httplog: WireFields = { method: 'GET', version: 'HTTP/1.1' }

  test('without lengths of headers: bounds, never exact', () => {
    const { out, in: sent } = model.wire(GET, httplog, PLAIN)
    expect(out.kind).toBe('bounded')
    expect(out.low).toBeLessThanOrEqual(1148)
    expect(out.high).toBeGreaterThanOrEqual(1148)
    expect(sent.kind).toBe('bounded')
  })

  test('a message of HAProxy that is known by its size', () => {
    const { out } = model.wire(NO_SERVER_WITH(217), httplog, PLAIN)
    expect(out).toMatchObject({ kind: 'bounded', low: 214, high: 233 })
  })

  test('compression that may have happened is unknown, and without a configuration assumed away', () => {
    expect(model.wire(GET, httplog, facts('  compression algo gzip')).out).toMatchObject({
      kind: 'unknown',
      reason: 'compressed',
    })
    expect(model.wire(GET, httplog).out.assumes.map(({ code }) => code)).toContain('no-compression')
    const { comp: _, ...fields } = GET_FIELDS
    expect(model.wire(GET, fields, PLAIN).out).toMatchObject({ kind: 'exact', value: 1148 })
    expect(model.wire(GET, fields, facts('', '  compression algo gzip')).out.kind).toBe('unknown')
  })

  test('a response whose length is not logged may have been chunked', () => {
    const { rl: _, ...fields } = GET_FIELDS
    expect(model.wire(GET, fields, PLAIN).out).toMatchObject({ kind: 'bounded', value: 1148 })
  })

  test('lengths that are measured at the wrong place are not used', () => {
    const late = facts(
      '  http-after-response set-var(txn.hb_rh1) res.hdrs,length\n  http-after-response set-header a b',
    )
    expect(model.wire(GET, GET_FIELDS, late).out.kind).toBe('bounded')
    const early = facts(
      '',
      '  http-response del-header x\n  http-response set-var(txn.hb_rh0) res.hdrs,length',
    )
    expect(model.wire(GET, GET_FIELDS, early).out.kind).toBe('bounded')
    const asked = facts('  http-request set-header a b\n  http-request set-var(txn.hb_nq0) req.fhdr_cnt')
    expect(model.wire(GET, GET_FIELDS, asked).in.kind).toBe('bounded')
  })

  test('a backend that measures nothing is exact where nothing changes its headers', () => {
    const fields: WireFields = { ...GET_FIELDS, nh0: null, rh0: null }
    expect(model.wire(GET, fields, PLAIN).out).toMatchObject({ kind: 'exact', value: 1148 })
    expect(model.wire(GET, fields, facts('', '  http-response del-header x')).out.kind).toBe('bounded')
    expect(model.wire(GET, fields).out.kind).toBe('bounded')
  })

  test('option logasap: what was logged is not all', () => {
    expect(model.wire({ ...GET, partial: true }, GET_FIELDS, PLAIN)).toMatchObject({
      out: { kind: 'unknown', reason: 'partial' },
      in: { kind: 'unknown', reason: 'partial' },
    })
  })

  test('no count at all', () => {
    expect(model.wire({ partial: false, status: 200, state: '----' }, GET_FIELDS, PLAIN)).toMatchObject({
      out: { kind: 'unknown', reason: 'no-bytes' },
      in: { kind: 'unknown', reason: 'no-bytes' },
    })
  })

  test('compressed, 3.4: what left is logged, chunk framing is not', () => {
    const gzip: LoggedTransfer = { ...GET, bytesOut: 100_145, bytesIn: 91 }
    const fields: WireFields = {
      ...GET_FIELDS,
      rh0: 133,
      rh1: 133,
      rl: 100_000,
      comp: 1,
      resOut: 1656,
      nq0: 3,
    }
    const { out } = modelFor('3.4.0').wire(gzip, fields, facts('  compression algo gzip'))
    expect(out.kind).toBe('bounded')
    expect(out.low).toBeLessThanOrEqual(1716)
    expect(out.high).toBeGreaterThanOrEqual(1716)
  })
})
