import { writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { compileFormat, formatsOf, HaproxyBytesError, parseConfig, scan, Totals } from '../../src/index.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch()
afterAll(() => scratch[Symbol.dispose]())

const line = (n: number, bytes: number | string, frontend = 'web'): string =>
  `Nov 21 10:00:0${n} lb haproxy[7]: 192.0.2.${n}:4000 [21/Nov/2026:10:00:0${n}.000] ${frontend} app/s1 0/0/1/2/3 200 ${bytes} - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"\n`
const LOG = [line(1, 100), line(2, 250), line(3, '9007199254740990', 'big'), line(4, 5, 'big')].join('')
const file = scratch.file('haproxy.log')
writeFileSync(file, LOG)

test('adds up a file, by what is asked for', async () => {
  const totals = await scan(file, { by: ['frontend'], formats: [compileFormat('http')] })
  expect(totals.groups.map(({ key, requests, bytesOut }) => [key, requests, bytesOut])).toEqual([
    [['big'], 2, 9007199254740995n],
    [['web'], 2, 350n],
  ])
  expect(totals.lines).toMatchObject({ read: 4, parsed: 4 })
})

test('JSON keeps what a number would round', async () => {
  const totals = await scan(file)
  expect(JSON.parse(JSON.stringify(totals))).toMatchObject({
    schema: 'haproxy-bytes/total@1',
    totals: { requests: 4, bytesOut: '9007199254741345', bytesIn: null },
  })
})

test('takes a stream, and gives each transfer', async () => {
  const clients: (string | undefined)[] = []
  const totals = await scan(Readable.from([Buffer.from(LOG.slice(0, 77)), Buffer.from(LOG.slice(77))]), {
    onTransfer: ({ client }) => clients.push(client),
  })
  expect(totals.sums.requests).toBe(4)
  expect(clients).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'])
})

test('a span of time has its beginning and not its end', async () => {
  const [since, until] = ['2026-11-21T10:00:02.003Z', '2026-11-21T10:00:04.003Z'].map(
    (text) => new Date(text),
  )
  const totals = await scan(file, { ...(since && { since }), ...(until && { until }), by: ['client'] })
  expect(totals.groups.map(({ key }) => key[0]).sort()).toEqual(['192.0.2.2', '192.0.2.3'])
})

describe('merging', () => {
  test('counts a log once, also found again compressed, and gives new totals', async () => {
    const packed = scratch.file('haproxy.log.1.gz')
    writeFileSync(packed, gzipSync(LOG))
    const [one, again] = [await scan(file), await scan(packed)]
    const merged = one.merge(again)
    expect(merged.sums).toEqual(one.sums)
    expect(merged.warnings.map(({ code }) => code)).toEqual(['log-repeated'])
    expect(one.warnings).toEqual([])
  })

  test('goes through text without loss', async () => {
    const totals = await scan(file, { by: ['client', 'frontend'] })
    expect(Totals.fromPartial(totals.toPartial()).toJSON()).toEqual(totals.toJSON())
  })

  test('refuses what was counted otherwise', async () => {
    const [one, other] = [await scan(file), await scan(file, { timeZone: 'Europe/Berlin' })]
    expect(() => one.merge(other)).toThrow(
      expect.objectContaining({ name: 'PartialError', code: 'other-settings' }),
    )
  })
})

test('formats are those of a configuration', async () => {
  const config = parseConfig('defaults\n  mode http\n  log-format "%B;%ft"\nfrontend a\nfrontend b\n')
  const log = scratch.file('own.log')
  writeFileSync(log, '12;a\n30;b\n')
  const formats = formatsOf(config)
  expect(formats.map(({ text }) => text)).toEqual(['%B;%ft'])
  expect((await scan(log, { formats })).sums.bytesOut).toBe(42n)
})

const ACCENTED = '"é %B ü€ %ft"'
const CONFIG = `frontend a\n  mode http\n  log-format ${ACCENTED}\n`

const LINE = Buffer.from('é 12 ü€ a\n')

test.each([
  ['a format', [compileFormat('é %B ü€ %ft')], LINE],
  ['the text of a configuration', formatsOf(parseConfig(CONFIG)), LINE],
  ['its bytes', formatsOf(parseConfig(Buffer.from(CONFIG))), LINE],
  [
    'its bytes in Latin-1',
    formatsOf(parseConfig(Buffer.from(CONFIG.replace('€', ''), 'latin1'))),
    Buffer.from('é 12 ü a\n', 'latin1'),
  ],
])('%s may hold text that is not ASCII', async (_, formats, line) => {
  const totals = await scan(Readable.from([line]), { formats })
  expect(totals.sums.bytesOut).toBe(12n)
})

test('an error of a format counts characters', () => {
  expect(() => compileFormat('é€ %nosuch')).toThrow(
    expect.objectContaining({ format: 'é€ %nosuch', offset: 3, code: 'unknown-alias' }),
  )
})

test('stops when it is told to', async () => {
  const reason = new Error('enough')
  await expect(scan(file, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test.each([
  ['a file that is not there', () => scan(scratch.file('none')), HaproxyBytesError],
  ['a key that there is not', () => scan(file, { by: ['colour'] }), RangeError],
  ['a zone that there is not', () => scan(file, { timeZone: 'Nowhere' }), RangeError],
])('%s is an error of its own', async (_, act, kind) => {
  await expect(act()).rejects.toBeInstanceOf(kind)
})
