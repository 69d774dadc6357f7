import './utc.ts'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  coverageDocument,
  coverageOf,
  fileCoverageText,
  measure,
  terminalStyle,
  treeHeadText,
  treeLineText,
  treeTotalsText,
} from '../../src/coverage/index.ts'
import { image, T, U } from '../merge/image.ts'

const plain = { columns: 80, unicode: false, color: false }
const manyRras = image({
  rras: ['AVERAGE', 'MIN', 'MAX', 'LAST'].flatMap((cf) =>
    [1, 5, 30, 360].map((pdpPerRow) => ({ cf, pdpPerRow, rows: [U, 1, U, 1, 1] })),
  ),
})

describe('the strip', () => {
  it.each([20, 40, 80, 119, 120, 200, 500])('keeps strips, axis and dates within %d columns', (columns) => {
    const lines = fileCoverageText('a.rrd', measure(manyRras), { ...plain, columns }).split('\n')
    const strips = lines.filter((line) => /^(AVERAGE|MIN|MAX|LAST)/.test(line))
    expect(strips).toHaveLength(16)
    const widest = Math.max(...lines.slice(2).map((line) => line.length))
    // Labels, 16 columns of strip and the share are the least that says anything.
    expect(widest).toBeLessThanOrEqual(Math.max(columns, 88))
    for (const strip of strips) expect(strip.length).toBeLessThanOrEqual(Math.max(columns, 44))
  })

  it('says the same with colour and without', () => {
    const colored = fileCoverageText('a.rrd', measure(manyRras), { ...plain, color: true })
    expect(colored).not.toBe(stripVTControlCharacters(colored))
    expect(stripVTControlCharacters(colored)).toBe(fileCoverageText('a.rrd', measure(manyRras), plain))
  })

  it('says that seasonal state is none of the history', () => {
    const text = fileCoverageText(
      'a.rrd',
      measure(image({ rras: [{ cf: 'SEASONAL', rows: [1, U] }] })),
      plain,
    )
    expect(text).toMatch(/^SEASONAL +1m +2 rows +seasonal state, no history$/m)
  })

  it.each([
    [{ isTerminal: true }, { LANG: 'de_DE.UTF-8' }, true],
    [{ isTerminal: true }, { LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, false],
    [{ isTerminal: true }, { LANG: 'en_US.utf8', TERM: 'dumb' }, false],
    [{ isTerminal: false }, { LANG: 'en_US.UTF-8' }, false],
    [{ isTerminal: true }, {}, false],
  ])('blocks where %j and %j: %s', (facts, env, unicode) => {
    const style = terminalStyle({ columns: 80, color: false, ...facts }, env)
    expect(style.unicode).toBe(unicode)
    const text = fileCoverageText('a.rrd', measure(manyRras), style)
    expect(/[█▓░·]/.test(text)).toBe(unicode)
    expect(/[#]/.test(text)).toBe(!unicode)
  })
})

describe('a tree', () => {
  const files = [
    { path: 'whole.rrd', coverage: coverageOf(image({ rras: [{ rows: [1, 1] }] })) },
    { path: 'hole.rrd', coverage: coverageOf(image({ rras: [{ rows: [1, U, U, 1] }] })) },
    { path: 'young.rrd', coverage: coverageOf(image({ rras: [{ rows: [U, 1] }] })) },
    { path: 'broken.rrd', error: { code: 'ETRUNC', message: 'truncated' } },
  ]

  it('has a line a file and a total', () => {
    const lines = files.map((file) => treeLineText(file))
    expect(lines[0]).toMatch(/^ *100 % +none +15 Nov 2023 .*whole\.rrd$/)
    expect(lines[1]).toMatch(/^ *50\.0 % +2m +15 Nov/)
    expect(lines[2]).toMatch(/^ *50\.0 % +none +15 Nov/)
    expect(lines[3]).toMatch(/^ *failed +broken\.rrd: truncated$/)
    expect(treeHeadText(plain).indexOf('file')).toBe(lines[0]?.indexOf('whole.rrd'))
    expect(treeTotalsText(coverageDocument(files).totals, plain)).toBe(
      '4 files, 62.5 % known, 1 with gaps, 1 failed',
    )
  })

  it('is a document of plain values', () => {
    const document = coverageDocument(files)
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    expect(document.totals).toMatchObject({ files: 4, failed: 1, withGaps: 1, cells: 8, known: 5 })
    expect(document.files[1]).toMatchObject({ path: 'hole.rrd', lastUpdate: T, archives: [{ gapCount: 1 }] })
    expect(document.files[3]).toEqual(files[3])
  })
})
