import { describe, expect, test } from 'vitest'
import type { Column, Snapshot } from '../../src/counters/index.ts'
import { type LedgerOptions, LossCollector, lossLedger } from '../../src/loss/index.ts'

const ZERO = { req_tot: 0, bout: 0 }
const START = Date.UTC(2026, 10, 21, 12)

interface Writing {
  readonly frontend?: string
  readonly pid?: number | undefined
  /** Milliseconds after START. */
  readonly at?: number
  readonly bytes?: number
}

/** Lines with these numbers of %lc, 10 ms apart. */
function write(logs: LossCollector, numbers: readonly number[], writing: Writing = {}): void {
  const { frontend = 'web', pid = 7, at = 0, bytes = 100 } = writing
  for (const [index, logCounter] of numbers.entries())
    logs.line(
      {
        frontend,
        backend: 'app',
        bytesOut: bytes,
        instant: START + at + index * 10,
        logCounter,
        partial: false,
      },
      'pid' in writing && writing.pid === undefined ? {} : { pid },
    )
}

/** Lines of a format without %lc. */
function writeBare(
  logs: LossCollector,
  count: number,
  { frontend = 'web', pid = 7, at = 0, bytes = 100 }: Writing = {},
): void {
  for (let line = 0; line < count; line++)
    logs.line(
      { frontend, backend: 'app', bytesOut: bytes, instant: START + at + line * 10, partial: false },
      { pid },
    )
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n)

const snapshot = (
  frontends: Record<string, Partial<Record<Column, number>>>,
  more: Partial<Snapshot> = {},
): Snapshot => ({
  ...more,
  proxies: Object.entries(frontends).map(([proxy, counts]) => ({
    proxy,
    service: 'FRONTEND',
    mode: 'http',
    counts: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, BigInt(count)])),
  })),
})

const summary = (logs: LossCollector, options?: LedgerOptions) => {
  const { kind, lines, complete, entries } = lossLedger(logs, options)
  return {
    kind,
    complete,
    lines: lines && [lines.low, lines.estimate, lines.high],
    entries: entries.map((entry) => [entry.evidence, entry.lines.low, entry.lines.high, ...entry.reasons]),
  }
}

const lost = (count: number, pid = 7): string =>
  `imuxsock[pid: ${pid}, name: haproxy]: ${count} messages lost due to rate-limiting (50 allowed within 2 seconds)`

describe('numbers of %lc', () => {
  test('without a gap: nothing was lost between the first line and the last', () => {
    const logs = new LossCollector()
    write(logs, range(100, 199))
    expect(summary(logs)).toEqual({ kind: 'exact', complete: true, lines: [0, 0, 0], entries: [] })
  })

  test('gaps are lost lines, whatever the order of those that came', () => {
    const logs = new LossCollector()
    write(logs, [5, 6, 10, 9, 12, 8, 20])
    expect(summary(logs)).toMatchObject({ kind: 'exact', lines: [9, 9, 9], entries: [['lc', 9, 9]] })
  })

  test('gaps far apart in time are entries of their own, with what lies around them', () => {
    const logs = new LossCollector()
    write(logs, [0, 1, 5])
    write(logs, [6, 7, 9], { at: 600_000 })
    expect(lossLedger(logs).entries.map(({ from, until, lines }) => [from, until, lines.high])).toEqual([
      [START + 10, START + 20, 3],
      [START + 600_010, START + 600_020, 1],
    ])
  })

  test('a new process counts from 0: what is missing at its beginning is lost too', () => {
    const logs = new LossCollector()
    write(logs, range(400, 499))
    write(logs, range(3, 50), { pid: 8, at: 2000 })
    expect(summary(logs).lines).toEqual([3, 3, 3])
  })

  test('over a reload the old process goes on; without pids the numbers part them', () => {
    const logs = new LossCollector()
    write(logs, range(4000, 4099), { pid: undefined })
    for (let step = 0; step < 20; step++) {
      write(logs, [step * 2, step * 2 + 1], { pid: undefined, at: 5000 + step * 100 })
      write(logs, [4100 + step], { pid: undefined, at: 5050 + step * 100 })
    }
    expect(summary(logs)).toMatchObject({ kind: 'exact', lines: [0, 0, 0] })
  })

  test('a container has the same pid after each start', () => {
    const logs = new LossCollector()
    write(logs, range(0, 99))
    write(logs, range(0, 59), { at: 60_000 })
    expect(summary(logs).lines).toEqual([0, 0, 0])
  })

  test('two threads may write one number, and the next is missing then', () => {
    const logs = new LossCollector()
    write(logs, [0, 1, 2, 2, 4, 5, 9])
    expect(summary(logs)).toMatchObject({
      kind: 'bounded',
      lines: [3, 3, 4],
      entries: [['lc', 3, 4, 'threads']],
    })
  })

  test('a log that was written twice has no more gaps than once', () => {
    const logs = new LossCollector()
    for (const number of [...range(0, 9), ...range(20, 29)])
      write(logs, [number, number], { at: number * 100 })
    expect(summary(logs).lines).toEqual([10, 10, 10])
  })

  test.each([undefined, 7])('logs in any order, pid %s', (pid) => {
    const logs = new LossCollector()
    write(logs, range(0, 99), { pid, at: 3_600_000 })
    write(logs, range(5000, 5099), { pid })
    expect(summary(logs)).toMatchObject({ kind: 'exact', lines: [0, 0, 0] })
  })

  test('a clock that is set back begins no process of which thousands of lines are missing', () => {
    const logs = new LossCollector()
    write(logs, range(70_000, 70_099), { at: 60_000 })
    write(logs, range(70_100, 70_199))
    write(logs, range(70_200, 70_299), { at: 61_000 })
    expect(summary(logs).lines).toEqual([0, 0, 0])
  })

  test('a line that arrived and can not be read has a number too', () => {
    const logs = new LossCollector()
    write(logs, [...range(0, 9), ...range(13, 20)])
    logs.unread = 1
    expect(summary(logs)).toMatchObject({
      kind: 'bounded',
      lines: [2, 2, 3],
      entries: [['lc', 2, 3, 'unread']],
    })
  })

  test('what the configuration leaves out is no loss', () => {
    const logs = new LossCollector()
    write(
      logs,
      range(0, 99).filter((number) => number % 10 === 0),
    )
    const { configured, entries, kind } = lossLedger(logs, { sampled: new Set(['web']) })
    expect([configured.estimate, entries, kind]).toEqual([81, [], 'unknown'])
  })
})

describe('reports', () => {
  test('a report alone: its number, and more can not be excluded', () => {
    const logs = new LossCollector()
    writeBare(logs, 100)
    logs.message(
      'rsyslogd-2177: imuxsock lost 838 messages from pid 7 due to rate-limiting',
      'syslog',
      START + 500,
    )
    const { entries, bytes, ...rest } = lossLedger(logs)
    expect(rest).toMatchObject({ kind: 'exact', complete: false, lacking: ['lc', 'snapshots'] })
    expect(entries).toMatchObject([{ evidence: 'imuxsock', frontend: 'web', lines: { low: 838, high: 838 } }])
    expect(bytes).toEqual({ low: 83_800, estimate: 83_800, high: 83_800, kind: 'estimated' })
  })

  test('the same report in two files is one, twice in one file it is two', () => {
    const logs = new LossCollector()
    writeBare(logs, 100)
    logs.message(lost(33), 'a', START)
    logs.message(lost(33), 'a', START + 2000)
    logs.message(lost(33), 'b', START + 900)
    expect(summary(logs).lines).toEqual([66, 66, 66])
  })

  test('of another process it may be none of ours', () => {
    const logs = new LossCollector()
    writeBare(logs, 100)
    logs.message('imuxsock lost 50 messages from pid 4713 due to rate-limiting', 'a', START)
    expect(summary(logs)).toMatchObject({
      kind: 'bounded',
      lines: [0, 0, 50],
      entries: [['imuxsock', 0, 50, 'other-sender']],
    })
  })

  test('journald names the unit, and the kernel means its own messages', () => {
    const logs = new LossCollector()
    writeBare(logs, 10)
    logs.message('Suppressed 917 messages from nginx.service', 'a', START)
    logs.message('Missed 1427 kernel messages', 'a', START)
    expect(summary(logs).kind).toBe('unknown')
    logs.message('Suppressed 12 messages from /system.slice/haproxy.service', 'a', START)
    expect(summary(logs).lines).toEqual([12, 12, 12])
  })

  test('dropping that began and never ended: one line at least, by the rate before it', () => {
    const logs = new LossCollector()
    writeBare(logs, 1000)
    logs.message(
      'imuxsock[pid: 7, name: haproxy] from <x:y>: begin to drop messages due to rate-limiting',
      'a',
      START + 7990,
    )
    const { lines, entries } = lossLedger(logs)
    expect(lines).toEqual({ low: 1, estimate: 200 })
    expect(entries).toMatchObject([{ reasons: ['never-told'], bytes: { kind: 'estimated' } }])
  })

  test('with the number that ends it, it is one loss', () => {
    const logs = new LossCollector()
    writeBare(logs, 100)
    logs.message(
      'imuxsock[pid: 7, name: haproxy] from <x:y>: begin to drop messages due to rate-limiting',
      'a',
      START,
    )
    logs.message(lost(5), 'a', START + 3000)
    expect(summary(logs)).toMatchObject({ kind: 'exact', lines: [5, 5, 5] })
  })

  test('what %lc shows too is one loss, and what it does not show was none of these lines', () => {
    const logs = new LossCollector()
    write(logs, [...range(0, 99), ...range(133, 200)])
    logs.message(lost(33), 'a', START + 1100)
    expect(summary(logs)).toMatchObject({ kind: 'exact', lines: [33, 33, 33] })
    expect(lossLedger(logs).entries).toMatchObject([
      { evidence: 'lc', seenBy: [{ evidence: 'imuxsock', lines: 33 }] },
    ])
    logs.message(lost(40), 'a', START + 1200)
    expect(summary(logs).entries.sort()).toEqual([
      ['imuxsock', 0, 40, 'not-in-counter'],
      ['lc', 33, 33],
    ])
  })

  test('after the last line %lc can tell nothing: the report counts', () => {
    const logs = new LossCollector()
    write(logs, range(0, 99))
    logs.message(lost(20), 'a', START + 60_000)
    expect(summary(logs)).toMatchObject({ lines: [20, 20, 20] })
  })

  test.each([
    [
      'imudp(w0): origin=imudp called.recvmmsg=9 called.recvmsg=0 msgs.received=382',
      'imudp(*:514): origin=imudp submitted=35 disallowed=0',
      [347, 347, 347],
    ],
    [
      'main Q: origin=core.queue size=0 enqueued=66 full=0 discarded.full=4 discarded.nf=1 maxqsize=9',
      '',
      [0, 5, 5],
    ],
    [
      'imuxsock: origin=imuxsock submitted=108 ratelimit.discarded=0 ratelimit.numratelimiters=1',
      '',
      undefined,
    ],
    [
      '{ "name": "imudp(w0)", "origin": "imudp", "msgs.received": 40 }',
      '{ "name": "imudp(*:514)", "origin": "imudp", "submitted": 30 }',
      [10, 10, 10],
    ],
  ])('running counts: %s', (first, second, lines) => {
    const logs = new LossCollector()
    writeBare(logs, 10)
    // At the daemon's start.
    logs.message(first.replace(/(received|full|nf|submitted|discarded)("?[=:] ?)\d+/g, '$1$20'), 'a', START)
    if (second) logs.message(second.replace(/(submitted)("?[=:] ?)\d+/g, '$1$20'), 'a', START)
    for (const text of [first, second]) if (text) logs.message(text, 'a', START)
    expect(summary(logs).lines).toEqual(lines)
  })
})

describe('counters', () => {
  test('lines and bytes missing between two snapshots', () => {
    const logs = new LossCollector()
    writeBare(logs, 90)
    logs.snapshots(
      snapshot({ web: { req_tot: 0, bout: 0 } }),
      snapshot({ web: { req_tot: 100, bout: 10_000 } }),
    )
    const ledger = lossLedger(logs)
    expect(ledger.bytes).toEqual({ low: 1000, estimate: 1000, high: 1000, kind: 'exact' })
    expect(ledger.lines).toEqual({ low: 1, estimate: 10, high: 10 })
    expect(ledger).toMatchObject({
      complete: true,
      entries: [{ evidence: 'counters', reasons: ['unlogged'] }],
    })
  })

  test('requests without a line and without bytes need not have been logged', () => {
    const logs = new LossCollector()
    writeBare(logs, 90)
    logs.snapshots(
      snapshot({ web: { req_tot: 0, bout: 0 } }),
      snapshot({ web: { req_tot: 100, bout: 9000 } }),
    )
    expect(summary(logs).lines).toEqual([0, 0, 10])
  })

  test('lines that can not be read are no lost ones', () => {
    const logs = new LossCollector()
    writeBare(logs, 90)
    logs.unread = 10
    logs.snapshots(
      snapshot({ web: { req_tot: 0, bout: 0 } }),
      snapshot({ web: { req_tot: 100, bout: 10_000 } }),
    )
    const { lines, bytes } = lossLedger(logs)
    expect([lines, bytes]).toEqual([
      { low: 0, estimate: 0, high: 0 },
      { low: 0, estimate: 1000, high: 1000, kind: 'bounded' },
    ])
  })

  test('a frontend without any line is one that is not logged', () => {
    const logs = new LossCollector()
    writeBare(logs, 90)
    const counts = { web: { req_tot: 90, bout: 9000 }, stats: { req_tot: 50, bout: 5000 } }
    logs.snapshots(snapshot({ web: ZERO, stats: ZERO }), snapshot(counts))
    const { lines, bytes } = lossLedger(logs)
    expect([lines, bytes]).toMatchObject([
      { low: 0, high: 50 },
      { low: 0, high: 5000, kind: 'bounded' },
    ])
  })

  test('a format without a frontend is held against all of them', () => {
    const logs = new LossCollector()
    writeBare(logs, 90, { frontend: '' })
    const counts = { web: { req_tot: 60, bout: 6000 }, api: { req_tot: 40, bout: 4000 } }
    logs.snapshots(snapshot({ web: ZERO, api: ZERO }), snapshot(counts))
    const { lines, bytes, entries } = lossLedger(logs)
    expect([lines, bytes]).toMatchObject([
      { low: 1, estimate: 10, high: 10 },
      { low: 1000, kind: 'exact' },
    ])
    expect(entries[0]).not.toHaveProperty('frontend')
  })

  test('as many as lines: nothing was lost', () => {
    const logs = new LossCollector()
    writeBare(logs, 90)
    logs.snapshots(
      snapshot({ web: { req_tot: 10, bout: 0 } }),
      snapshot({ web: { req_tot: 100, bout: 9000 } }),
    )
    expect(summary(logs)).toEqual({ kind: 'exact', complete: true, lines: [0, 0, 0], entries: [] })
  })

  test('reports, what HAProxy dropped and counters tell of the same lines', () => {
    const logs = new LossCollector()
    writeBare(logs, 75)
    logs.message(lost(33), 'a', START + 400)
    const counts = { req_tot: 425, bout: 42_500 }
    logs.snapshots(
      snapshot({ web: { req_tot: 0, bout: 0 } }, { droppedLogs: 0n }),
      snapshot({ web: counts }, { droppedLogs: 317n }),
    )
    expect(summary(logs)).toMatchObject({ kind: 'exact', lines: [350, 350, 350] })
    expect(lossLedger(logs).bytes).toMatchObject({ low: 35_000, high: 35_000, kind: 'exact' })
  })

  test('they bound what began and never ended', () => {
    const logs = new LossCollector()
    writeBare(logs, 90)
    logs.message('imudp(x) from <a:b>: begin to drop messages due to rate-limiting', 'a', START + 890)
    logs.snapshots(
      snapshot({ web: { req_tot: 0, bout: 0 } }),
      snapshot({ web: { req_tot: 100, bout: 10_000 } }),
    )
    expect(summary(logs).lines).toMatchObject([1, expect.anything(), 10])
  })
})

test('%rt bounds from above what nothing else tells', () => {
  const logs = new LossCollector()
  for (const requestCounter of [1, 2, 3, 8, 9])
    logs.line(
      { frontend: 'web', bytesOut: 1, instant: START + requestCounter, requestCounter, partial: false },
      { pid: 7 },
    )
  expect(summary(logs)).toEqual({
    kind: 'bounded',
    complete: true,
    lines: [0, 4, 4],
    entries: [['rt', 0, 4, 'unlogged']],
  })
})

test('with no evidence at all loss is not excluded, and there is no figure', () => {
  const logs = new LossCollector()
  writeBare(logs, 1000)
  expect(lossLedger(logs)).toEqual({
    kind: 'unknown',
    complete: false,
    entries: [],
    frontends: [],
    configured: { low: 0, estimate: 0, high: 0 },
    lacking: ['lc', 'snapshots', 'reports'],
    arrived: 1000,
    from: START,
    until: START + 9990,
  })
})
