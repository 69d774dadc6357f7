import { describe, expect, test } from 'vitest'
import { envelopeBefore, readEnvelope } from '../../src/envelope/index.ts'

const MESSAGE = '127.0.0.1:55548 [21/Nov/2026:11:40:37.412] fe_wrap be_app/s1 0/0/0/0/0 200 75'
const BLANKS = / {2,}/

describe('the message begins', () => {
  test.each([
    ['RFC 3164', '<158>Nov 21 11:40:37 localhost haproxy[27937]: ', 27937],
    ['RFC 3164 without a host', '<158>Nov 21 11:40:37 haproxy[27937]: ', 27937],
    ['RFC 5424', '<158>1 2026-11-21T11:40:37.413253+00:00 - haproxy 27937 - - ', 27937],
    [
      'RFC 5424 with structured data',
      String.raw`<158>1 2026-11-21T11:36:08.067039+00:00 - haproxy 11117 - [exampleSDID@1234 header="a \"b\" \]c\\d" host="lb1"] `,
      11117,
    ],
    ['a length before it', '179 <134>1 2026-11-21T11:40:35.750479+00:00 - haproxy 27937 - - ', 27937],
    ['the level alone', '<6>', undefined],
    ['a priority alone', '<158>', undefined],
    ['a priority and a stamp', '<6>2026-11-21T11:40:37.413276+00:00 ', undefined],
    ['a stamp alone', '2026-11-21T11:40:37.413279+00:00 ', undefined],
    ['nothing', '', undefined],
    ['rsyslog, traditional', 'Nov 21 11:40:28 localhost haproxy[27937]: ', 27937],
    ['rsyslog, RFC 3339', '2026-11-21T11:40:28+00:00 localhost haproxy[27937]: ', 27937],
    ['rsyslog, %TIMESTAMP% %msg%', 'Nov 21 11:40:28  ', undefined],
    ['no colon after the tag', '2026-11-21T11:40:29.628029+00:00 - haproxy[27937] ', 27937],
    ['two hosts', 'Nov 21 11:40:30 lb1 localhost haproxy[27937]: ', 27937],
    ['a tag that was kept', 'Nov 21 11:40:30  haproxy[27937]: ', 27937],
    ['the first of a month', 'Nov  1 11:40:30 lb1 haproxy: ', undefined],
    ['journalctl -o short-iso', '2026-11-21T11:40:28+0000 lb1 haproxy[27937]: ', 27937],
  ])('after %s', (_, wrapper, pid) => {
    const bytes = Buffer.from(wrapper + MESSAGE, 'latin1')
    const envelope = readEnvelope(bytes, 0, bytes.length)
    expect(envelope.starts).toContain(wrapper.length)
    if (pid !== undefined || BLANKS.test(wrapper)) expect(envelope.starts[0]).toBe(wrapper.length)
    expect(envelope.pid).toBe(pid)
  })
})

test('the host of a relay, and the stamp', () => {
  const bytes = Buffer.from(`2026-11-21T11:40:28+00:00 lb1 haproxy[27937]: ${MESSAGE}`)
  const { host, stampFrom, stampTo, stampKind } = readEnvelope(bytes, 0, bytes.length)
  expect(bytes.toString('latin1', ...(host as [number, number]))).toBe('lb1')
  expect([bytes.toString('latin1', stampFrom, stampTo), stampKind]).toEqual([
    '2026-11-21T11:40:28+00:00',
    'iso',
  ])
})

describe('with the beginning of the message', () => {
  test.each<[string, string, string | undefined, number | undefined]>([
    ['a stamp alone', '2026-11-21T11:40:28+00:00 ', undefined, undefined],
    ['a stamp of two blanks', 'Dec 10 21:40:20  ', undefined, undefined],
    ['a host without a tag', 'Dec 10 21:40:20 lb1 ', 'lb1', undefined],
    ['a host and a tag', 'Dec 10 21:40:20 lb1 haproxy[7]: ', 'lb1', 7],
    ['a tag alone', 'Dec 10 21:40:20 haproxy[7]: ', undefined, 7],
  ])('%s: a client is no host', (_, wrapper, host, pid) => {
    const bytes = Buffer.from(wrapper + MESSAGE, 'latin1')
    const envelope = envelopeBefore(wrapper.length, readEnvelope(bytes, 0, bytes.length))
    const found = envelope.host && bytes.toString('latin1', ...envelope.host)
    expect([found, envelope.pid]).toEqual([host, pid])
  })
})
