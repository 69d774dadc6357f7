import { expect, test } from 'vitest'
import { readLossReport } from '../../src/loss/index.ts'

const limit = (messages: number, seconds: number) => ({ limit: { messages, seconds } })

test.each([
  [
    'Dec 10 21:40:20 lb1 rsyslogd-2177: imuxsock lost 838 messages from pid 4713 due to rate-limiting',
    { place: 'imuxsock', event: 'lost', count: 838, pid: 4713 },
  ],
  [
    'rsyslogd-2177: imuxsock begins to drop messages from pid 2896 due to rate-limiting',
    { place: 'imuxsock', event: 'begin', pid: 2896 },
  ],
  ['imuxsock: 1234 messages lost due to rate-limiting', { place: 'imuxsock', event: 'lost', count: 1234 }],
  ['imjournal: begin to drop messages due to rate-limiting', { place: 'imjournal', event: 'begin' }],
  ['imjournal: 236 messages lost due to rate-limiting', { place: 'imjournal', event: 'lost', count: 236 }],
  [
    'rsyslogd-2177: imuxsock[pid: 1765, name: haproxy] from <vm:haproxy>: begin to drop messages due to rate-limiting',
    { place: 'imuxsock', event: 'begin', pid: 1765, program: 'haproxy' },
  ],
  [
    'rsyslogd-2177: imuxsock[pid: 1765, name: haproxy]: 33 messages lost due to rate-limiting (50 allowed within 2 seconds)',
    { place: 'imuxsock', event: 'lost', count: 33, pid: 1765, program: 'haproxy', ...limit(50, 2) },
  ],
  [
    'imudp(127.0.0.1/31514/IPv4) from <localhost:->: begin to drop messages due to rate-limiting',
    { place: 'imudp', event: 'begin' },
  ],
  [
    'imudp(127.0.0.1/31514/IPv4): 347 messages lost due to rate-limiting (30 allowed within 2 seconds)',
    { place: 'imudp', event: 'lost', count: 347, ...limit(30, 2) },
  ],
  [
    'main Q: queue nearly full (9750 entries), discarded severity 6 message',
    { place: 'queue', event: 'lost', count: 1 },
  ],
  [
    'action 1: lost 12 messages from diskqueue (invalid .qi file)',
    { place: 'queue', event: 'lost', count: 12 },
  ],
  [
    'systemd-journald[311]: Suppressed 917 messages from /system.slice/haproxy.service',
    { place: 'journald', event: 'lost', count: 917, unit: 'haproxy.service' },
  ],
  [
    'journal: Suppressed 20 messages from haproxy.service',
    { place: 'journald', event: 'lost', count: 20, unit: 'haproxy.service' },
  ],
  ['systemd-journald[1]: Missed 1427 kernel messages', { place: 'kernel', event: 'lost', count: 1427 }],
  [
    '[ALERT]    (998) : sendmsg()/writev() failed in logger #1: No such file or directory (errno=2)',
    { place: 'haproxy', event: 'begin' },
  ],
])('%s', (text, report) => {
  expect(readLossReport(text)).toEqual(report)
})

test.each([
  '127.0.0.1:1 [21/Nov/2026:11:40:28.944] fe be/s1 0/0/0/0/0 200 75 - - ---- 1/1/0/0/0 0/0 "GET /lost HTTP/1.1"',
  'rsyslogd: [origin software="rsyslogd"] rsyslogd was HUPed',
  'imuxsock: origin=imuxsock submitted=108 ratelimit.discarded=0 ratelimit.numratelimiters=1',
  '',
])('%s reports no loss', (text) => {
  expect(readLossReport(text)).toBeUndefined()
})
