import { expect, test } from 'vitest'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { countFast, countPlain, textOf } from './counted.ts'

const MESSAGE =
  '127.0.0.1:443 [21/Nov/2026:11:35:12.345] www be/s1 0/0/0/1/1 200 75 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"'
const SECOND = '2026-11-21T11:40:30'

/** Lines of whose beginning the kernel learns, and one whose beginning differs from theirs in what follows it only. */
test.each([
  ['a stamp that touches its message', `${SECOND}:${MESSAGE}`, `${SECOND}.1:${MESSAGE.slice(10)}`],
  ['a stamp that touches an address', `${SECOND}${MESSAGE.slice(9)}`, `${SECOND}.1${MESSAGE.slice(9)}`],
  ['a length before no priority', `179 <${MESSAGE}`, `179 ${MESSAGE}`],
  ['a length before half of one', `179 <134.0.0.1${MESSAGE.slice(9)}`, `179 .1${MESSAGE.slice(9)}`],
])('%s', (_, learned, other) => {
  const text = [textOf([...new Array<string>(30).fill(learned), ...new Array<string>(3).fill(other)])]
  const counting = { formats: [parseLogFormat(KNOWN_FORMATS.http)], names: ['client'] }
  const { lines, groups } = countPlain(text, counting).result
  const fast = countFast(text, counting).result
  expect(fast.lines).toEqual(lines)
  expect([...fast.groups]).toEqual([...groups])
})
