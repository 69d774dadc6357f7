import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { figuresMarkdown } from '../../bench/figures.ts'
import { Scratch } from '../support/scratch.ts'

const results = (change: object = {}): string =>
  JSON.stringify({
    date: '2026-01-02',
    machine: '2 x CPU',
    load: [1, 2, 2.5],
    node: 'v20.1.0',
    haproxy: '2.6.12',
    corpus: { lines: 6_000_000, bytes: 1_379_369_810 },
    proof: { generator: '12345 6000000', awk: '12345 6000000', 'halog -ubt': '12345' },
    ratios: {
      'halog -srv / total, 2 threads (>= 2.2)': 2.1,
      'halog -ubt / total, 2 threads (>= 5)': 5,
      'gz / gzip -dc | wc -l (<= 0.6)': 0.7,
      'total, 2 threads / wc -l': 1.2,
      'median seconds, 2 threads': 3,
    },
    processorSeconds: { 'wc -l': 0.228 },
    memory: { '1e5 clients (< 100 MB), MiB': 96, '1e6 clients (< 300 MB), MiB': 280 },
    milliseconds: {
      fast: { 'total, 2 threads': [500, 700, 610], 'node -e 0': [27] },
      slow: { 'total, 2 threads': [9999], 'halog -ubt': [4956] },
    },
    ...change,
  })

function shown(runs: Readonly<Record<string, string>>): string {
  using scratch = new Scratch('figures')
  for (const [name, text] of Object.entries(runs)) writeFileSync(scratch.file(name), text)
  return figuresMarkdown(scratch.path)
}

test('the newest full run is shown, with medians, what figures are held to, and which miss it', () => {
  const trial = results({ corpus: { lines: 1000, bytes: 200_000 } })
  const markdown = shown({ '2026-01-01.json': '', '2026-01-02.json': results(), '2026-01-03.json': trial })
  for (const text of [
    '6,000,000 lines of `option httplog`, 1.38 GB',
    'awk, halog -ubt: all tell 12,345 bytes',
    '[bench/results/2026-01-02.json](bench/results/2026-01-02.json)',
    '| halog -srv / total, 2 threads | 2.1 | >= 2.2 | **missed** |',
    '| halog -ubt / total, 2 threads | 5 | >= 5 |  |',
    '| gz / gzip -dc \\| wc -l | 0.7 | &lt;= 0.6 | **missed** |',
    '| total, 2 threads / wc -l | 1.2 |  |  |',
    // 100.7 MB
    '| total --by client, 1e5 clients | 96 | &lt; 100 MB | **missed** |',
    '| total --by client, 1e6 clients | 280 | &lt; 300 MB |  |',
    '| total, 2 threads | 0.61 | 3 |',
    '| halog -ubt | 4.96 | 1 |',
    '| wc -l | 0.23 |',
  ])
    expect(markdown).toContain(text)
  expect(markdown).not.toMatch(/median seconds|10\.00|Other work/)
})

test('other work on the machine is told', () => {
  const markdown = shown({ '2026-01-02.json': results({ load: [7.13, 12.78, 14.31] }) })
  expect(markdown).toContain(
    'Other work went on at the same time (load averages at the end: 7.1, 12.8, 14.3)',
  )
})

test('sums that differ are not called equal', () => {
  const markdown = shown({ '2026-01-02.json': results({ proof: { generator: '1', awk: '2' } }) })
  expect(markdown).not.toContain('all tell')
})

test('without a full run there is nothing to show', () => {
  expect(shown({})).toContain('No figures')
  expect(shown({ '2026-01-03.json': results({ corpus: { lines: 9, bytes: 9 } }) })).toContain('No figures')
})
