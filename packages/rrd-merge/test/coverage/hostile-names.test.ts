import { escapeText } from '@nightshift/tooling/terminal'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import {
  coverageOf,
  type FileCoverage,
  fileCoverageText,
  measure,
  mergeCoverageOf,
  mergeCoverageText,
  pictureOfFile,
  pictureOfMerge,
  renderPicturePage,
  renderSvg,
  renderTreePage,
  treeLineText,
} from '../../src/coverage/index.ts'
import { image, U } from '../merge/image.ts'

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '</style></title></svg><img src=x onerror=alert(1)>',
  '" onload="alert(1)',
  "' onfocus='alert(1)",
  ']]><!--<script>',
  '&lt;b&gt;&#0;',
  '\u001b[31mred\u001b]0;title\u0007\u009b2J',
  'a\u202egnp.exe\u2066\u200f',
  'line\none\r\ttwo\u2028three',
  '\u0000\ufffe\uffff\udc80\ud800',
]
const generator = 'rrd-merge test'

/** A file whose path, data sources and CF are all hostile. */
const fileOf = (name: string) =>
  image({
    ds: [name, `${name}2`, 'fine'],
    rras: [
      {
        cf: name,
        rows: [
          [1, U, 1],
          [U, U, U],
          [1, U, U],
          [1, U, 1],
        ],
      },
      { cf: 'SEASONAL', rows: [[1, U, 1]] },
    ],
  })

const media = (name: string): [string, string][] => {
  const measured = measure(fileOf(name))
  const coverage = coverageOf(fileOf(name), { columns: 30 })
  const merged = mergeCoverageOf({ before: measured, olds: [measured], after: measured }, { columns: 30 })
  const pictures = [pictureOfFile(name, coverage), pictureOfMerge(name, merged)]
  const files: FileCoverage[] = [
    { path: name, coverage },
    { path: name, error: { code: 'ENOTRRD', message: name } },
  ]
  return [
    ['SVG', renderSvg(pictures)],
    ...pictures.map((picture): [string, string] => ['page', renderPicturePage(picture, { generator })]),
    ['tree page', renderTreePage(name, files, { generator })],
  ]
}

/** Element and attribute names in order: what a document is made of, whatever its texts. */
function skeleton(markup: string): string[] {
  const parts: string[] = []
  for (const [, close, name, attributes] of markup.matchAll(
    /<(\/?)([a-zA-Z!?][^\s/>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g,
  )) {
    const names = [...(attributes as string).matchAll(/([^\s="'/]+)=(?:"[^"]*"|'[^']*')/g)].map(
      (match) => match[1],
    )
    parts.push(`${close}${name} ${names.join()}`)
  }
  return parts
}

/** What a terminal or a text layout would obey; newlines stand between the lines of a document. */
const obeyed = /(?!\n)\p{Cc}|[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/u

describe.each(HOSTILE)('%j', (name) => {
  it.each(media(name))('adds no element, attribute or control character to a %s', (kind, markup) => {
    // A name of the same kind but harmless gives the document its rightful shape.
    const harmless = media('x'.repeat(escapeText(name).length)).filter(([other]) => other === kind)
    const shapes = harmless.map(([, other]) => skeleton(other).join('\n'))
    expect(shapes).toContain(skeleton(markup).join('\n'))
    expect(markup).not.toMatch(obeyed)
  })

  it('leaves the SVG well-formed', () => {
    const parser = new SaxesParser({ xmlns: true })
    let texts = ''
    parser.on('error', (error) => {
      throw error
    })
    parser.on('text', (text) => {
      texts += text
    })
    parser.write(media(name)[0]?.[1] as string).close()
    expect(texts).toContain('fine')
  })

  it('comes to a terminal as text', () => {
    const measured = measure(fileOf(name))
    const style = { columns: 80, unicode: true, color: false }
    const texts = [
      fileCoverageText(name, measured, style),
      mergeCoverageText(name, { before: measured, olds: [measured], after: measured }, style),
      treeLineText({ path: name, coverage: coverageOf(fileOf(name)) }),
      treeLineText({ path: name, error: { code: 'ENOTRRD', message: name } }),
    ]
    for (const text of texts) expect(text).not.toMatch(obeyed)
    expect(texts[0]?.split('\n').length).toBe(fileCoverageText('x', measured, style).split('\n').length)
  })
})

it('a time that no calendar has is drawn, not waited for', () => {
  for (const lastUpdate of [2 ** 60, -(2 ** 40), 2 ** 33]) {
    const rrd = image({ lastUpdate, rras: [{ rows: [1, U, 1] }] })
    const picture = pictureOfFile('far', coverageOf(rrd, { columns: 20 }))
    expect(renderSvg([picture])).toContain('66.7 %')
    expect(renderPicturePage(picture, { generator })).not.toContain('NaN')
  }
})
