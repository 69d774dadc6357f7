import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestBrowser } from '../../../../tooling/checks/browser/test-browser.ts'
import type { ReconciledProxy, Reconciliation } from '../../src/reconcile/index.ts'
import { junitReport as junitReportAt } from '../../src/report/junit.ts'
import { type Element, faultsBy, SCHEMAS } from './junit-schemas.ts'

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
const junitReport = (of: Reconciliation): string => junitReportAt(of, new Date('2026-11-22T01:02:03Z'))
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
    'properties',
    'testcase',
    'failure',
    'system-out',
    'system-err',
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

let browser: TestBrowser
beforeAll(async () => {
  browser = await TestBrowser.start()
}, 60_000)
afterAll(() => browser?.stop())

/** As an XML parser that others wrote reads it. */
const READ = (text: string): string => `(() => {
  const read = (node) => ({
    name: node.localName,
    attributes: Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value])),
    children: [...node.children].map(read),
  })
  return read(new DOMParser().parseFromString(${JSON.stringify(text)}, 'application/xml').documentElement)
})()`

const CAUSE = { code: 'unexplained', kind: 'exact', value: 5n, low: 5n, high: 5n } as const
const WIRE_GAP = { logged: 1n, truth: 6n, gap: 5n, causes: [CAUSE], distance: 5n }
test.each<[string, Partial<Reconciliation>]>([
  ['nothing', {}],
  ['one that closes', { proxies: [proxy('a', { closed: true, lost: false })] }],
  [
    'a loss, a gap, an error, and names that need escapes',
    {
      proxies: [proxy('<&"\'>\u0001'), proxy('b', { lost: false })],
      wire: [{ frontend: 'a\nb', lines: 1, out: WIRE_GAP, closed: false }],
      incomparable: [{ why: 'order' }, { why: 'no-counters', proxy: ']]>' }],
    },
  ],
])('%s: valid by the schemas of Jenkins and of Ant', async (_, more) => {
  const { page } = await browser.open('junit.html', '<!doctype html><title>x</title>')
  const root = (await page.evaluate(READ(junitReport(result(more))))) as Element
  for (const schema of Object.values(SCHEMAS)) expect(faultsBy(schema, root)).toEqual([])
})

test('a report without what they want is not', () => {
  const bare: Element = {
    name: 'testsuites',
    attributes: {},
    children: [{ name: 'testsuite', attributes: { name: 'x', odd: '1' }, children: [] }],
  }
  expect(faultsBy(SCHEMAS.jenkins, bare)).toEqual(['testsuite: odd'])
  expect(faultsBy(SCHEMAS.ant, bare).length).toBeGreaterThan(5)
})
