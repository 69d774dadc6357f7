import { describe, expect, test } from 'vitest'
import type { ProxyCounters } from '../../src/counters/index.ts'
import { type LoggedSums, type LogSettings, type ProxyEvidence, proxyGap } from '../../src/reconcile/index.ts'

const sums = (more: Partial<LoggedSums> = {}): LoggedSums => ({
  lines: 10,
  bytesOut: 1000n,
  bytesIn: 100n,
  withoutBytesIn: 0,
  partial: 0,
  intercepted: 0,
  withoutServer: { lines: 0, bytesOut: 0n, bytesIn: 0n },
  largestOut: 300n,
  largestIn: 30n,
  ...more,
})
const nothing = sums({ lines: 0, bytesOut: 0n, bytesIn: 0n, largestOut: 0n, largestIn: 0n })
const counted = (
  bout: bigint,
  requests = 10n,
  more: ProxyCounters['counts'] = {},
  open = 0,
): ProxyCounters => ({
  proxy: 'web',
  service: 'FRONTEND',
  mode: 'http',
  open,
  counts: { bout, bin: 100n, stot: 5n, req_tot: requests, intercepted: 0n, ...more },
})
const PLAIN: LogSettings = { monitor: false, contstats: false, selective: false, probes: false }
const evidence = (more: Partial<ProxyEvidence>): ProxyEvidence => ({
  name: { service: 'FRONTEND', proxy: 'web' },
  logged: sums(),
  excluded: nothing,
  included: nothing,
  ofOthers: nothing,
  counted: counted(1000n),
  openBefore: 0,
  unread: 0,
  counterGaps: undefined,
  settings: undefined,
  ...more,
})

const exact = (code: string, value: bigint) => ({ code, kind: 'exact', value, low: value, high: value })
const between = (code: string, value: bigint, low: bigint, high: bigint) => ({
  code,
  kind: 'bounded',
  value,
  low,
  high,
})

test.each<[string, Partial<ProxyEvidence>, object[], { low: number; high?: number }]>([
  ['nothing is missing', {}, [], { low: 0, high: 0 }],
  [
    'two requests without a line',
    { counted: counted(1500n, 12n) },
    [exact('lost', 500n)],
    { low: 1, high: 2 },
  ],
  [
    'the same, and no option leaves a line out',
    { counted: counted(1500n, 12n), settings: PLAIN },
    [exact('lost', 500n)],
    { low: 2, high: 2 },
  ],
  [
    'numbers of %lc are missing',
    { counted: counted(1500n, 13n), counterGaps: { missing: 3, repeated: 0 } },
    [exact('lost', 500n)],
    { low: 3, high: 3 },
  ],
  [
    'bytes are missing, and each request has its line',
    { counted: counted(1500n) },
    [exact('unexplained', 500n)],
    { low: 0, high: 0 },
  ],
  [
    'logged too early',
    { counted: counted(1500n), logged: sums({ partial: 4 }) },
    [exact('partial', 500n)],
    { low: 0, high: 0 },
  ],
  [
    'a line that could not be read may be the one',
    { counted: counted(1500n, 11n), unread: 1, settings: PLAIN },
    [between('unread', 500n, 0n, 500n), between('lost', 0n, 0n, 500n)],
    { low: 0, high: 1 },
  ],
  [
    'one was not read, and one more is missing',
    { counted: counted(1500n, 12n), unread: 1, settings: PLAIN },
    [between('unread', 500n, 0n, 500n), between('lost', 0n, 0n, 500n)],
    { low: 1, high: 2 },
  ],
  [
    'monitor-uri of a configuration',
    { counted: counted(1300n, 12n, { intercepted: 2n }), settings: { ...PLAIN, monitor: true } },
    [exact('monitor', 300n)],
    { low: 0, high: 0 },
  ],
  [
    'without a configuration it may be that, or lines lost',
    { counted: counted(1300n, 12n, { intercepted: 2n }) },
    [between('monitor', 300n, 0n, 300n), between('lost', 0n, 0n, 300n)],
    { low: 0, high: 2 },
  ],
  [
    'dontlog-normal: no loss, and no bill',
    { counted: counted(9000n, 90n), settings: { ...PLAIN, selective: true } },
    [exact('not-logged', 8000n)],
    { low: 0, high: 0 },
  ],
  [
    'contstats counts what is under way',
    { counted: counted(1200n, 10n, {}, 1), settings: { ...PLAIN, contstats: true } },
    [exact('in-flight', 200n)],
    { low: 0, high: 0 },
  ],
  [
    'at most the largest transfer each',
    { counted: counted(1500n, 10n, {}, 1), settings: { ...PLAIN, contstats: true } },
    [exact('in-flight', 300n), exact('unexplained', 200n)],
    { low: 0, high: 0 },
  ],
  [
    'lines just after the later snapshot may be counted in it',
    { counted: counted(1100n), excluded: sums({ lines: 1, bytesOut: 100n }) },
    [exact('in-flight', 100n)],
    { low: 0, high: 0 },
  ],
  [
    'logged more than counted: just at the earlier snapshot',
    { counted: counted(900n), included: sums({ lines: 1, bytesOut: 100n }) },
    [exact('in-flight', -100n)],
    { low: 0, high: 0 },
  ],
  [
    'logged more than counted: another process',
    { counted: counted(900n), ofOthers: sums({ lines: 2, bytesOut: 250n }) },
    [exact('other-process', -100n)],
    { low: 0, high: 0 },
  ],
  [
    'logged more than counted: %lc says that lines are there twice',
    { counted: counted(900n, 9n), counterGaps: { missing: 0, repeated: 1 } },
    [exact('repeated', -100n)],
    { low: 0, high: 0 },
  ],
  [
    'logged more than counted: nothing tells',
    { counted: counted(900n) },
    [exact('unexplained', -100n)],
    { low: 0, high: 0 },
  ],
])('%s', (_, more, causes, lost) => {
  const { out, lostLines, state } = proxyGap(evidence(more))
  expect({ causes: out.causes, lostLines, state }).toEqual({ causes, lostLines: lost, state: 'compared' })
})

describe('what is compared', () => {
  test('a backend has no replies that reached none', () => {
    const withoutServer = { lines: 2, bytesOut: 400n, bytesIn: 20n }
    const name = { service: 'BACKEND', proxy: 'web' } as const
    const { out } = proxyGap(evidence({ name, logged: sums({ withoutServer }), counted: counted(600n) }))
    expect(out.causes).toEqual([exact('no-server', -400n)])
  })

  test('bytes in only where each line has them', () => {
    expect(proxyGap(evidence({ logged: sums({ withoutBytesIn: 1 }) })).in).toBeUndefined()
    expect(proxyGap(evidence({})).in).toMatchObject({ gap: 0n })
  })

  test('a proxy that the counters lack, and one without a line', () => {
    expect(proxyGap(evidence({ counted: undefined })).state).toBe('no-counters')
    const silent = proxyGap(evidence({ logged: nothing }))
    expect([silent.state, silent.out.causes]).toEqual(['no-lines', [exact('not-logged', 1000n)]])
  })

  test('sessions where it is no HTTP', () => {
    const { requests } = proxyGap(evidence({ counted: { ...counted(1000n), mode: 'tcp' } }))
    expect(requests).toBe(5n)
  })
})
