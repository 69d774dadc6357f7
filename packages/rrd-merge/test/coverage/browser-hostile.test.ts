import './utc.ts'
import { renderPage } from '@nightshift/tooling/report-page'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectQuiet, TestBrowser } from '../../../../tooling/checks/browser/test-browser.ts'
import {
  coverageOf,
  measure,
  mergeCoverageOf,
  PICTURE_COLUMNS,
  pictureOfFile,
  pictureOfMerge,
  renderPicturePage,
  renderSvg,
  renderTreePage,
} from '../../src/coverage/index.ts'
import { image, U } from '../merge/image.ts'

const generator = 'rrd-merge test'
const HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(2)>" onload="alert(3)\u202e]]>'

let browser: TestBrowser
beforeAll(async () => {
  browser = await TestBrowser.start()
})
afterAll(() => browser?.stop())

describe('hostile names', () => {
  const hostile = image({
    ds: [HOSTILE, 'b'],
    rras: [
      {
        cf: HOSTILE,
        rows: [
          [1, U],
          [U, U],
          [1, 1],
        ],
      },
    ],
  })
  const measured = measure(hostile)
  const documents = () => {
    const coverage = coverageOf(hostile, { columns: PICTURE_COLUMNS })
    const merged = mergeCoverageOf({ before: measured, olds: [measured], after: measured }, { columns: 60 })
    return [
      ['page.html', renderPicturePage(pictureOfMerge(HOSTILE, merged), { generator })],
      ['tree.html', renderTreePage(HOSTILE, [{ path: HOSTILE, coverage }], { generator })],
      ['strip.svg', renderSvg([pictureOfFile(HOSTILE, coverage)])],
    ] as const
  }

  it.each([0, 1, 2])('run nothing in document %d', async (index) => {
    const [name, content] = documents()[index] as readonly [string, string]
    const visit = await browser.open(`hostile-${name}`, content)
    const scripts = await visit.page.$$eval('script', (all) => all.length)
    expect(scripts).toBe(name.endsWith('.svg') ? 0 : 2)
    expect(await visit.page.$$eval('img, [onload], [onerror]', (all) => all.length)).toBe(0)
    expect(await visit.page.evaluate('document.documentElement.textContent')).toContain(
      '<script>alert(1)</script>',
    )
    expectQuiet(visit)
    await visit.page.close()
  })

  it('would be stopped by the policy even if markup came through', async () => {
    const body =
      '<p id="p" style="color: red">x</p><img src="http://127.0.0.1:9/x.png"><script>alert(1)</script>'
    const parts = { title: 't', description: 'd', generator, data: {}, styles: '', script: '' }
    const { page, complaints } = await browser.open('policy.html', renderPage({ ...parts, body }))
    expect(await page.evaluate(`getComputedStyle(document.getElementById('p')).color`)).not.toBe(
      'rgb(255, 0, 0)',
    )
    for (const directive of ['style-src-attr', 'img-src', 'script-src-elem']) {
      expect(complaints.filter((text) => text.includes(`violation of ${directive}`))).toHaveLength(1)
    }
    expect(complaints.filter((text) => text.startsWith('dialog'))).toEqual([])
    await page.close()
  })
})

describe('the SVG on its own', () => {
  const holes = image({ rras: ['AVERAGE', 'MAX'].map((cf) => ({ cf, rows: [1, U, 1, 1, U, U] })) })

  it.each([
    ['light', 'rgb(255, 255, 255)'],
    ['dark', 'rgb(18, 22, 27)'],
  ])('opens in %s', async (scheme, ground) => {
    const visit = await browser.open(
      `${scheme}.svg`,
      renderSvg([pictureOfFile('router.rrd', coverageOf(holes, { columns: PICTURE_COLUMNS }))]),
    )
    const { page } = visit
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.page')).fill`)).toBe(ground)
    expect(await page.evaluate(`document.querySelector('title').textContent`)).toBe('Coverage of router.rrd')
    const outside = await page.evaluate(`(() => {
      const page = document.querySelector('.page').getBoundingClientRect()
      return [...document.querySelectorAll('text, path, rect')].filter((one) => {
        const box = one.getBoundingClientRect()
        return box.width > 0 && (box.left < page.left - 1 || box.right > page.right + 1 || box.bottom > page.bottom + 1)
      }).filter((one) => !one.closest('defs')).length
    })()`)
    expect(outside).toBe(0)
    expectQuiet(visit)
    await page.close()
  })
})
