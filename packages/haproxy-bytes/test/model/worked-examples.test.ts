import { describe, expect, test } from 'vitest'
import {
  accountingOf,
  type LoggedTransfer,
  modelFor,
  parseVersion,
  Signatures,
  type Version,
  wireCounters,
} from '../../src/model/index.ts'
import { HTTP_FORMAT, lineReader } from './advised.ts'
import { facts, GET, GET_FIELDS, NO_SERVER, NO_SERVER_FIELDS, noServer, PLAIN } from './examples.ts'
import { RECORDED } from './recorded.ts'

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
    both.observe(noServer(217))
    both.observe(zero)
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
