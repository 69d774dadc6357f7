import type { Cause, Reconciliation } from '../reconcile/index.ts'
import { CAUSE_WORDS, INCOMPARABLE_WORDS } from './cause-words.ts'

interface TestCase {
  readonly name: string
  readonly suite: 'counters' | 'wire'
  readonly failure?: { readonly type: string; readonly message: string }
}

/** What is the same in all; Ant's schema has `localhost` for a host that doesn't matter. */
const SUITE = { name: 'haproxy-bytes reconcile', package: 'haproxy-bytes', id: '0', hostname: 'localhost' }

/**
 * The report that CI servers read: a test case a proxy and a frontend, a failure for a gap, an error where nothing can be
 * compared. It is valid by Jenkins' junit-10.xsd and by Ant's JUnit.xsd, which wants a stamp, a host, and elements that
 * are empty here.
 *
 * @param now when it was run
 */
export function junitReport(result: Reconciliation, now: Date): string {
  const cases = testCases(result)
  const { incomparable } = result
  const errors = incomparable.map(({ why, proxy }) =>
    element(
      'testcase',
      {
        classname: 'haproxy-bytes.counters',
        name: proxy === undefined ? why : `${proxy}: ${why}`,
        time: '0',
      },
      [element('error', { type: why, message: INCOMPARABLE_WORDS[why] })],
    ),
  )
  const failures = cases.filter(({ failure }) => failure !== undefined).length
  const counts = {
    tests: String(cases.length + errors.length),
    failures: String(failures),
    errors: String(errors.length),
    skipped: '0',
    time: '0',
  }
  const suite = element('testsuite', { ...SUITE, timestamp: now.toISOString().slice(0, 19), ...counts }, [
    element('properties', {}),
    ...cases.map(({ name, suite: of, failure }) =>
      element(
        'testcase',
        { classname: `haproxy-bytes.${of}`, name, time: '0' },
        failure ? [element('failure', failure)] : [],
      ),
    ),
    ...errors,
    element('system-out', {}),
    element('system-err', {}),
  ])
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, [suite])}\n`
}

function testCases({ proxies, wire }: Reconciliation): TestCase[] {
  const failed = (type: string, gaps: readonly string[]) => ({ failure: { type, message: gaps.join('; ') } })
  return [
    ...proxies.map(
      ({ name, closed, lost, out, in: sent }): TestCase => ({
        name: name.proxy ?? 'all',
        suite: 'counters',
        ...((lost || !closed) &&
          failed(lost ? 'loss' : 'gap', [
            gapText('out', out),
            ...(sent && sent.gap !== 0n ? [gapText('in', sent)] : []),
          ])),
      }),
    ),
    ...wire.map(
      ({ frontend, closed, out, in: sent }): TestCase => ({
        name: frontend,
        suite: 'wire',
        ...(!closed && failed('gap', [gapText('out', out), ...(sent ? [gapText('in', sent)] : [])])),
      }),
    ),
  ]
}

const gapText = (
  direction: string,
  { gap, causes }: { readonly gap: bigint; readonly causes: readonly Cause[] },
): string =>
  `${direction}: gap ${gap} bytes (${causes.map(({ code, value }) => `${CAUSE_WORDS[code]} ${value}`).join(', ') || 'none'})`

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  if (children.length === 0) return `<${name}${written.join('')}/>`
  return `<${name}${written.join('')}>\n${children.join('\n')}\n</${name}>`
}

/** XML 1.0 has no control characters, not even escaped ones; a line feed in an attribute would become a blank. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come through
    .replace(/[\0-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
