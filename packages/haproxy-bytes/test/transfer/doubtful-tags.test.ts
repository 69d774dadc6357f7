import { expect, test } from 'vitest'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { LineReader } from '../../src/transfer/index.ts'
import { countFast, countPlain, textOf } from '../kernel/counted.ts'

function read(format: string, line: string): string | number | undefined {
  const reader = new LineReader([parseLogFormat(format)], ({ local }) => local)
  const bytes = Buffer.from(line, 'latin1')
  const reading = reader.read(bytes, 0, bytes.length)
  return reading.kind === 'transfer' ? reading.transfer.bytesOut : reading.kind
}

const STAMP = '2026-11-22T03:11:09.527076+00:00 '
const HTTP =
  '192.0.2.7:443 [21/Nov/2026:11:35:12.345] www be/s1 0/0/0/1/1 200 2835 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"'

test.each([
  // The client's `it: 4` would begin a message of its own.
  ['%B,%[capture.req.hdr(0)] - %ci ', '51,x it: 4,y - 192.0.2.7 ', 'ambiguous'],
  ['%ft %[capture.req.hdr(0)] %B', 'www it: other x 5', 'ambiguous'],
  ['%B,%[capture.req.hdr(0)] - %ci ', 'lb1 it: 4,y - 192.0.2.7 ', 4],
  ['%B,%[capture.req.hdr(0)] - %ci ', '51,x it: y - 192.0.2.7 ', 51],
  ['%[capture.req.hdr(0)] %ft %B', 'lb1 edge: curl www 5', 5],
  ['%ft %[capture.req.hdr(0)] %B', 'lb1 haproxy: www curl 5', 5],
  ['%ft %[capture.req.hdr(0)] %B', 'lb1 edge[7]: www curl 5', 5],
  [KNOWN_FORMATS.http, `lb1 edge: ${HTTP}`, 2835],
  [KNOWN_FORMATS.http, `edge: ${HTTP}`, 2835],
  [KNOWN_FORMATS.http, HTTP, 2835],
])('%s of a word that may be a tag: %s', (format, message, wanted) => {
  expect(read(format, STAMP + message)).toBe(wanted)
  const text = [textOf(new Array<string>(30).fill(STAMP + message))]
  const counting = { formats: [parseLogFormat(format)], names: ['frontend', 'status'] }
  expect(countFast(text, counting).result).toEqual(countPlain(text, counting).result)
})

test.each([
  // Cut within the client's text, from where on another reading is the only one.
  ['200 200 166 166 117 x', 'ambiguous'],
  ['200 166 166 117 x', 166],
])('a byte count that is written twice is the same in both places: %s', (message, wanted) => {
  const line = `${STAMP}lb1 haproxy[7]: ${message}`
  expect(read('%ST %B %B %[var(txn.length)] x', line)).toBe(wanted)
})

test('lines behind a tag of any name are taken by the kernel', () => {
  const text = [textOf(new Array<string>(200).fill(`${STAMP}localhost edge: ${HTTP}`))]
  expect(countFast(text, { formats: [parseLogFormat(KNOWN_FORMATS.http)] }).handed).toBeLessThan(20)
})
