import { describe, expect, test } from 'vitest'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { LineReader } from '../../src/transfer/index.ts'

const reader = new LineReader(Object.values(KNOWN_FORMATS).map(parseLogFormat), ({ local }) => local)

function read(line: string) {
  const bytes = Buffer.from(line)
  return reader.read(bytes, 0, bytes.length)
}

describe('lines that tell of no transfer', () => {
  test.each([
    ['', 'blank'],
    [' \t', 'blank'],
    [
      'Nov 21 11:35:31 lb1 rsyslogd: [origin software="rsyslogd" swVersion="8.2302.0"] rsyslogd was HUPed',
      'foreign',
    ],
    [
      '2026-11-21T11:35:31+00:00 lb1 - imuxsock[pid: 7, name: haproxy]: 33 messages lost due to rate-limiting (50 allowed within 2 seconds)',
      'foreign',
    ],
    [
      'Nov 21 11:35:31 imudp(127.0.0.1/31514/IPv4): 347 messages lost due to rate-limiting (30 allowed within 2 seconds)',
      'foreign',
    ],
    ['Nov 21 11:35:31 lb1 cron[4711]: (root) CMD (run-parts)', 'foreign'],
    ['Nov 21 11:35:31 lb1 haproxy[4711]: Proxy fe started.', 'event'],
  ])('%j', (line, other) => {
    expect(read(line)).toEqual({ kind: 'other', other })
  })

  test('a line of which nothing is known', () => {
    expect(read('what is this')).toEqual({ kind: 'unknown' })
  })
})
