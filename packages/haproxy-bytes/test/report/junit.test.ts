import { expect, test } from 'vitest'
import type { ReconciledProxy, Reconciliation } from '../../src/reconcile/index.ts'
import { junitReport } from '../../src/report/junit.ts'

const proxy = (name: string, more: Partial<ReconciledProxy> = {}): ReconciledProxy => ({
  name: { service: 'FRONTEND', proxy: name },
  state: 'compared',
  lines: 1,
  out: {
    logged: 1n,
    counted: 2n,
    gap: 1n,
    causes: [{ code: 'lost', kind: 'exact', value: 1n, low: 1n, high: 1n }],
  },
  lostLines: { low: 1, high: 1 },
  closed: false,
  lost: true,
  ...more,
})
const result = (more: Partial<Reconciliation>): Reconciliation => ({
  incomparable: [],
  outside: 0,
  proxies: [],
  wire: [],
  lost: false,
  closed: true,
  ...more,
})

test('what came from a file is text, whatever it is', () => {
  const report = junitReport(result({ proxies: [proxy('<a b="c">&\n\u0007\u0000')] }))
  expect(report).toContain('name="&lt;a b=&quot;c&quot;&gt;&amp;\ufffd\ufffd\ufffd"')
  expect(report).toContain('<failure type="loss" message="out: gap 1 bytes (lines lost 1)"/>')
  // Every tag that there is, is one of the report's own.
  expect([...report.matchAll(/<([^\s>/?]+)/g)].map(([, tag]) => tag)).toEqual([
    'testsuites',
    'testsuite',
    'testcase',
    'failure',
  ])
})

test('counts are those of its cases', () => {
  const report = junitReport(
    result({
      proxies: [proxy('a', { closed: true, lost: false }), proxy('b')],
      incomparable: [{ why: 'order' }],
    }),
  )
  expect(report).toContain('tests="3" failures="1" errors="1" skipped="0"')
})
