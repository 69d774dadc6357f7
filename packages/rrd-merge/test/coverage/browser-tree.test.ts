import './utc.ts'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectQuiet, TestBrowser } from '../../../../tooling/checks/browser/test-browser.ts'
import { coverageOf, type FileCoverage, PICTURE_COLUMNS, renderTreePage } from '../../src/coverage/index.ts'
import { image } from '../merge/image.ts'
import { makeRealFiles, openFile, type RealFiles } from './real-files.ts'

const generator = 'rrd-merge test'

let files: RealFiles
let browser: TestBrowser
beforeAll(async () => {
  files = await makeRealFiles()
  browser = await TestBrowser.start()
})
afterAll(async () => {
  await browser?.stop()
  await files?.remove()
})

describe('the page of a tree', () => {
  const tree = (): FileCoverage[] => [
    { path: 'a/new.rrd', coverage: coverageOf(openFile(files.newFile), { columns: PICTURE_COLUMNS }) },
    { path: 'b/old.rrd', coverage: coverageOf(openFile(files.oldFile), { columns: PICTURE_COLUMNS }) },
    {
      path: 'b/whole.rrd',
      coverage: coverageOf(image({ rras: [{ rows: [1, 1] }] }), { columns: PICTURE_COLUMNS }),
    },
    { path: 'c/broken.rrd', error: { code: 'ETRUNC', message: 'truncated' } },
  ]
  const shown = (page: Page) =>
    page.$$eval('#files tbody tr', (rows) =>
      rows
        .filter((row) => row.getClientRects().length > 0)
        .map((row) => row.querySelector('.path')?.textContent),
    )

  it('filters, sorts and opens', async () => {
    const visit = await browser.open('tree.html', renderTreePage('/srv/rrd', tree(), { generator }))
    const { page } = visit
    expect(await shown(page)).toEqual(['a/new.rrd', 'b/old.rrd', 'b/whole.rrd', 'c/broken.rrd'])
    await page.type('#filter', 'B/')
    expect(await shown(page)).toEqual(['b/old.rrd', 'b/whole.rrd'])
    await page.click('#only-gaps')
    expect(await shown(page)).toEqual(['b/old.rrd'])
    expect(await page.$eval('#shown', (element) => element.textContent)).toBe('1 of 4 files')
    await page.click('#filter', { count: 3 })
    await page.keyboard.press('Backspace')
    await page.click('#only-gaps')
    await page.click('[data-key="share"]')
    const rising = await shown(page)
    expect(rising[0]).toBe('c/broken.rrd')
    expect(rising.at(-1)).toBe('b/whole.rrd')
    await page.click('[data-key="share"]')
    expect(await shown(page)).toEqual(rising.slice().reverse())
    expect(await page.$('details[open]')).toBeNull()
    await page.click('a[href="#f1"]')
    expect(await page.$$eval('details[open]', (all) => all.map((one) => one.id))).toEqual(['f1'])
    await page.evaluate(`document.getElementById('f1s3-0').focus()`)
    // The strips of closed files can't take the focus: the key stays where it is.
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate('document.activeElement.id')).toBe('f1s3-0')
    expectQuiet(visit)
    await page.close()
  })

  it('opens every file that is not filtered out for the printer', async () => {
    const { page } = await browser.open('tree-print.html', renderTreePage('/srv/rrd', tree(), { generator }))
    await page.type('#filter', 'b/')
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    expect(await page.$$eval('details[open]', (all) => all.map((one) => one.id))).toEqual(['f1', 'f2'])
    await page.close()
  })

  it('draws no more than it was told, those that know least', async () => {
    const { page } = await browser.open(
      'bounded.html',
      renderTreePage('/srv', tree(), { generator, maxDrawn: 1 }),
    )
    const known = tree().flatMap(({ path, coverage }) => (coverage ? [{ path, share: coverage.share }] : []))
    const least = known.reduce((a, b) => (b.share < a.share ? b : a)).path
    expect(await page.$$eval('details .path', (all) => all.map((one) => one.textContent))).toEqual([least])
    expect(await shown(page)).toHaveLength(4)
    await page.close()
  })
})
