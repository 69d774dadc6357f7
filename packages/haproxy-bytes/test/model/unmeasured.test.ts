import { describe, expect, test } from 'vitest'
import { type LoggedTransfer, modelFor, type WireFields } from '../../src/model/index.ts'
import { facts, GET, GET_FIELDS, noServer, PLAIN } from './examples.ts'

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
    const { out } = model.wire(noServer(217), httplog, PLAIN)
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
