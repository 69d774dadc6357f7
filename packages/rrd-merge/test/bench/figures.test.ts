import { expect, test } from 'vitest'
import { figuresMarkdown } from '../../bench/figures.ts'
import { put, scratch } from '../support/tree.ts'

const results = (pairs: number, ratio: number) =>
  JSON.stringify({
    date: '2026-01-02',
    machine: '2 x CPU',
    node: 'v20.1.0',
    rrdtool: '1.7.2',
    corpus: { pairs, bytesPerSide: 412_600_000 },
    ratios: { 'dump | edit | restore / rrd-merge (>= 100)': ratio, 'median seconds, fsync each': 3 },
    start: { '--help / node -e 0 (<= 1.6)': 1.4 },
    memory: { 'one large pair, MiB': 564 },
    milliseconds: { fast: { 'cp -a': [1000, 3000, 2100] }, slow: { 'dump | edit | restore': [154_000] } },
  })

test('the newest full run is shown, with medians and what ratios are held to', () => {
  const folder = scratch()
  put(`${folder}/2026-01-01.json`, results(500, 90))
  put(`${folder}/2026-01-02.json`, results(500, 150))
  put(`${folder}/2026-01-03.json`, results(40, 10))
  const markdown = figuresMarkdown(folder)
  expect(markdown).toContain("500 pairs shaped like pnp4nagios' default, 413 MB a side")
  expect(markdown).toContain('[bench/results/2026-01-02.json](bench/results/2026-01-02.json)')
  expect(markdown).toContain('| cp -a | 2.10 |')
  expect(markdown).toContain('| dump \\| edit \\| restore | 154.00 |')
  expect(markdown).toContain('| dump \\| edit \\| restore / rrd-merge | 150 | >= 100 |')
  expect(markdown).toContain('| --help / node -e 0 | 1.4 | &lt;= 1.6 |')
  expect(markdown).toContain('| one large pair | 564 |')
  expect(markdown).not.toContain('median seconds')
})

test('a trial run is not shown', () => {
  const folder = scratch()
  put(`${folder}/2026-01-03.json`, results(40, 10))
  expect(figuresMarkdown(folder)).toContain('No figures')
  expect(figuresMarkdown(`${folder}/nowhere`)).toContain('No figures')
})
