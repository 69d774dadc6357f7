import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embedJson, escapeHtml, escapeXml, type ReportPage, renderPage } from '../../src/report-page/index.ts'

const page: ReportPage = {
  title: 'Title',
  description: 'Description',
  generator: 'tool 1.0.0',
  data: { answer: 42 },
  styles: '.a { color: red; }',
  script: 'document.title = "ran"',
  body: '<p>Body</p>',
}

/** What stands between two tags, and the policy, as a browser's parser would take them. */
function partsOf(html: string) {
  const between = (open: string, close: string) =>
    html.slice(html.indexOf(open) + open.length, html.indexOf(close))
  const scriptAt = html.lastIndexOf('<script>') + '<script>'.length
  return {
    policy: /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '',
    style: between('<style>', '</style>'),
    script: html.slice(scriptAt, html.lastIndexOf('</script>')),
    data: between('<script type="application/json" id="data">', '</script>'),
  }
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

describe('the page', () => {
  it('allows its own two inline parts and nothing else', () => {
    const { policy, style, script } = partsOf(renderPage(page))
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hashOf(style)}`,
      `script-src ${hashOf(script)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ])
    expect(style).toContain(page.styles)
    expect(script).toContain(page.script)
  })

  it('hashes what the parser sees where lines end in CR LF', () => {
    const html = renderPage({ ...page, script: 'a()\r\nb()\rc()', styles: 'a {}\r\nb {}' })
    const { policy, style, script } = partsOf(html)
    expect(html).not.toContain('\r')
    expect(policy).toContain(hashOf(style))
    expect(policy).toContain(hashOf(script))
  })

  it('names the policy before anything that it governs', () => {
    const html = renderPage(page)
    const order = ['<meta charset', 'Content-Security-Policy', '<style>', '<script'].map((part) =>
      html.indexOf(part),
    )
    expect(order).toEqual(order.slice().sort((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(0)
  })

  it.each([
    ['script', '"</script>"'],
    ['script', '"</SCRIPT "'],
    ['script', '"<!--"'],
    ['styles', 'a::after { content: "</style>" }'],
  ])('refuses a part that would end its element: %s %s', (part, text) => {
    expect(() => renderPage({ ...page, [part]: text })).toThrow(RangeError)
  })

  it('escapes title, description and generator', () => {
    const text = '<b title="x">\'&\u202e\u0007'
    const html = renderPage({ ...page, title: text, description: text, generator: text })
    expect(html.split('&lt;b title=&quot;x&quot;&gt;&#39;&amp;\\u202e\\x07')).toHaveLength(5)
    expect(html).not.toContain('<b title')
  })
})

describe('embedded data', () => {
  it('comes back whole and holds nothing that the HTML parser reads', () => {
    const hostile = fc.constantFrom(
      '</script>',
      '<!--',
      '<script',
      ']]>',
      '\u2028',
      '\u2029',
      '\ud800',
      '&lt;',
    )
    const text = fc.array(fc.oneof(hostile, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.dictionary(text, text), (data) => {
        const embedded = embedJson(data)
        expect(embedded).not.toMatch(/[<\u2028\u2029]/)
        expect(JSON.parse(partsOf(renderPage({ ...page, data })).data)).toEqual(
          JSON.parse(JSON.stringify(data)),
        )
      }),
    )
  })
})

describe('escapes', () => {
  it.each([
    ['<a href="x">', '&lt;a href=&quot;x&quot;&gt;'],
    ["it's & isn't", 'it&#39;s &amp; isn&#39;t'],
    [']]>', ']]&gt;'],
    ['a\tb\nc', 'a\\tb\\nc'],
    ['\u0000\u001b[31m\u009b', '\\x00\\x1b[31m\\x9b'],
    ['a\u202eb\u2066c\u200fd', 'a\\u202eb\\u2066c\\u200fd'],
    ['\udcff', '\\xff'],
    ['grün 日本 🙂', 'grün 日本 🙂'],
  ])('%j', (text, escaped) => {
    expect(escapeHtml(text)).toBe(escaped)
    expect(escapeXml(text)).toBe(escaped)
  })

  it('leaves only characters that XML 1.0 allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeXml(`${text}\ufffe\uffff\ud800`)).toMatch(
          /^[\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u,
        )
      }),
    )
  })
})
