import { expect, it } from 'vitest'
import { Exposition, type ScanResult, TotalsCounter } from '../../src/scan/index.ts'

const failed = (path: string): ScanResult => ({
  path,
  verdict: 'failed',
  size: 0,
  error: { code: 'denied', message: 'no' },
  milliseconds: 1,
  remembered: false,
})

/** The lines that the exposition format knows (prometheus.io/docs/instrumenting/exposition_formats). */
const LINE = /^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{([a-z]+="([^"\\\n]|\\[\\"n])*",?)*\})? -?[0-9.e+]+)$/

it('keeps hostile names within their labels', () => {
  const exposition = new Exposition()
  const counter = new TotalsCounter()
  for (const name of ['/a"} 1\nevil 2', '/b\\', '/c\n# TYPE x gauge', '/d{}', '/e\u202e']) {
    exposition.add(failed(name))
    counter.add(failed(name))
  }
  const text = exposition.text(counter.totals, { end: 1_700_000_000.5, duration: 1.25 })
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(LINE)
  expect(text).toContain('qcow2_check_image_verdict{path="/a\\"} 1\\nevil 2",verdict="failed"} 1\n')
  expect(text).toContain('qcow2_check_images{verdict="failed"} 5\n')
  expect(text.match(/^evil|^x /m)).toBeNull()
})
