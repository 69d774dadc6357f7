import { expect, test } from 'vitest'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { SENT_LINES } from '../fixtures/lines.ts'
import { countFast, countPlain } from './counted.ts'

const AUTO = Object.values(KNOWN_FORMATS).map(parseLogFormat)
const LF = Buffer.from('\n')
const textOf = (lines: readonly Uint8Array[]): Buffer => Buffer.concat(lines.flatMap((line) => [line, LF]))

test('one', () => {
  const http = SENT_LINES.filter((line) => line.format === KNOWN_FORMATS.http).map(({ bytes }) => bytes)
  const text = textOf([...http, ...http, ...http])
  for (const names of [
    [],
    ['frontend'],
    ['backend', 'server', 'client', 'status', 'state'],
    ['hour'],
    ['minute', 'backend'],
  ])
    for (const formats of [AUTO, [parseLogFormat(KNOWN_FORMATS.http)]]) {
      const fast = countFast([text], { formats, names })
      expect(fast.result).toEqual(countPlain([text], { formats, names }).result)
    }
})
