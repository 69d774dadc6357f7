import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { figuresMarkdown } from '../../bench/figures.ts'
import { Scratch } from '../support/scratch.ts'

const results = (ratio: number) =>
  JSON.stringify({
    date: '2026-01-02',
    machine: '2 x CPU',
    node: 'v20.1.0',
    qemu: '7.2.22',
    ratios: { '1 TiB contiguous (>= 3)': ratio, 'a tiny image / node -e 0 (<= 1.6)': 1.5, plain: 2 },
    amounts: { 'read / metadata (<= 1.05)': 0.999, 'metadata of 1 TiB, MiB': 160 },
    milliseconds: {
      '1 TiB contiguous (>= 3)': { 'qemu-img check': [1000, 3000, 2100], 'qcow2-check': [300, 200] },
      'a tiny image / node -e 0 (<= 1.6)': { 'qcow2-check': [41.6], 'node -e 0': [27.4] },
    },
  })

it('the newest run is shown, with medians and what ratios are held to', () => {
  using scratch = new Scratch('figures')
  writeFileSync(scratch.file('2026-01-01.json'), results(1))
  writeFileSync(scratch.file('2026-01-02.json'), results(8.2))
  const markdown = figuresMarkdown(scratch.path)
  expect(markdown).toContain('Node 20.1.0, qemu-img 7.2.22')
  expect(markdown).toContain('[bench/results/2026-01-02.json](bench/results/2026-01-02.json)')
  expect(markdown).toContain('| 1 TiB contiguous | 2100 | 250 | 8.2 | >= 3 |')
  expect(markdown).toContain('| a tiny image / node -e 0 | 27 | 42 | 1.5 | &lt;= 1.6 |')
  expect(markdown).toContain('| plain |  |  | 2 |  |')
  expect(markdown).toContain('| read / metadata | 0.999 | &lt;= 1.05 |')
  expect(markdown).toContain('| metadata of 1 TiB, MiB | 160 |  |')
})

it('without a run there is nothing to show', () => {
  using scratch = new Scratch('figures')
  expect(figuresMarkdown(scratch.path)).toContain('No figures')
  expect(figuresMarkdown(scratch.file('nowhere'))).toContain('No figures')
})
