import './utc.ts'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contrast, luminance } from '../../../../tooling/checks/browser/contrast.ts'
import { expectQuiet, TestBrowser } from '../../../../tooling/checks/browser/test-browser.ts'
import { coverageOf, PICTURE_COLUMNS, pictureOfFile, renderPicturePage } from '../../src/coverage/index.ts'
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

const oldPage = () => {
  const coverage = coverageOf(openFile(files.oldFile), { columns: PICTURE_COLUMNS })
  return renderPicturePage(pictureOfFile('old.rrd', coverage), { generator })
}

/** What the page says of the strip that has the focus. */
const focused = (page: Page) =>
  page.evaluate(
    `({ id: document.activeElement.id, now: +document.activeElement.getAttribute('aria-valuenow'), text: document.activeElement.getAttribute('aria-valuetext'), label: document.activeElement.getAttribute('aria-label') })`,
  ) as Promise<{ id: string; now: number; text: string; label: string }>

const tipOf = (page: Page) =>
  page.evaluate(
    `getComputedStyle(document.querySelector('.tip')).display === 'none' ? null : document.querySelector('.tip').innerText`,
  )

describe('the page', () => {
  it('opens from a file without a complaint, a request or a blocked part', async () => {
    const visit = await browser.open('quiet.html', oldPage())
    const strips = await visit.page.$$eval('.strip', (all) => all.map((one) => one.getAttribute('role')))
    expect(strips).toEqual(['slider', 'slider', 'slider', 'slider'])
    // The style sheet was allowed: strips are drawn in its colour, not in black.
    const fill = await visit.page.evaluate(`getComputedStyle(document.querySelector('.known')).fill`)
    expect(fill).toBe('rgb(37, 99, 168)')
    expectQuiet(visit)
    await visit.page.close()
  })

  it('is worked by the keyboard alone', async () => {
    const visit = await browser.open('keys.html', oldPage())
    const { page } = visit
    await page.keyboard.press('Tab')
    expect((await focused(page)).label).toContain('AVERAGE 1m')
    for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowDown')
    const start = await focused(page)
    expect(start.label).toContain('AVERAGE 6h')
    const outline = await page.evaluate(
      `getComputedStyle(document.activeElement.querySelector('.hit')).strokeWidth`,
    )
    expect(outline).toBe('2px')
    await page.keyboard.press('ArrowLeft')
    expect((await focused(page)).now).toBe(start.now - 1)
    expect(await tipOf(page)).toContain((await focused(page)).text.split(': ')[0])
    // Page Up from state to state, back to the outage of five days.
    const seen: string[] = []
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('PageUp')
      seen.push((await focused(page)).text)
    }
    expect(
      seen.filter((text) => /^1[23] Oct .* to 1[67] Oct 2025, \d\d:\d\d: unknown$/.test(text)),
    ).toHaveLength(1)
    await page.keyboard.press('Home')
    expect(await focused(page)).toMatchObject({ now: 0, text: expect.stringMatching(/: unknown$/) })
    await page.keyboard.press('Escape')
    expect(await tipOf(page)).toBeNull()
    await page.keyboard.press('ArrowUp')
    expect((await focused(page)).label).toContain('MAX 30m')
    expectQuiet(visit)
    await page.close()
  })

  it('says of every column what rrdtool fetch says of its rows', async () => {
    const { page } = await browser.open('columns.html', oldPage())
    const series = await files.rrdtool.fetch(files.oldFile, {
      cf: 'MAX',
      start: (await files.rrdtool.last(files.oldFile)) - 479 * 1800,
      end: await files.rrdtool.last(files.oldFile),
      resolution: 1800,
    })
    expect(series.step).toBe(1800)
    const { edges } = coverageOf(openFile(files.oldFile), { columns: PICTURE_COLUMNS }).axis
    await page.evaluate(`document.getElementById('f0s2-0').focus()`)
    await page.keyboard.press('Home')
    let state = await focused(page)
    for (let column = state.now; column < edges.length - 1; column++) {
      const [from, to] = [edges[column] as number, edges[column + 1] as number]
      const values = series.rows
        .filter(({ time }) => time > from && time - 1800 < to)
        .flatMap((row) => row.values)
      const known = values.filter((value) => !Number.isNaN(value)).length
      const said = state.text.split(': ').at(-1) as string
      if (values.length > 0) {
        expect([column, said]).toEqual([
          column,
          known === values.length ? 'known' : known === 0 ? 'unknown' : said,
        ])
        if (known > 0 && known < values.length) expect(said).toMatch(/^\d+(\.\d+)? % known$/)
      }
      await page.keyboard.press('ArrowRight')
      state = await focused(page)
    }
    expect(state.now).toBe(edges.length - 2)
    await page.close()
  })

  it('keeps to the time zone of its pictures and tables wherever it is opened', async () => {
    const { page } = await browser.open('zone.html', oldPage(), { timeZone: 'Asia/Tokyo' })
    expect(await page.evaluate('new Date(0).getHours()')).toBe(9)
    await page.keyboard.press('Tab')
    await page.keyboard.press('End')
    const last = new Date((await files.rrdtool.last(files.oldFile)) * 1000).toISOString()
    expect((await focused(page)).text).toContain(
      `to ${Number(last.slice(8, 10))} Nov 2025, ${last.slice(11, 16)}: `,
    )
    await page.close()
  })

  it('shows what is under the pointer, and goes where a gap of the table is', async () => {
    const visit = await browser.open('pointer.html', oldPage())
    const { page } = visit
    const box = await (await page.$('#f0s3-0 .hit'))?.boundingBox()
    if (!box) throw new Error('the strip has no place on the page')
    await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2)
    expect(await tipOf(page)).toMatch(/^known\n/)
    await page.mouse.move(box.x + 2, box.y - 60)
    expect(await tipOf(page)).toBeNull()
    const rows = await page.$$('a[data-strip="f0s3-0"]')
    await rows[1]?.click()
    expect(await focused(page)).toMatchObject({ id: 'f0s3-0', text: expect.stringMatching(/: unknown$/) })
    expectQuiet(visit)
    await page.close()
  })

  it('has the picture and the tables without any script', async () => {
    const visit = await browser.open('no-script.html', oldPage(), { script: false })
    const { page } = visit
    const box = await (await page.$('#f0s3-0 .known'))?.boundingBox()
    expect(box?.width).toBeGreaterThan(300)
    expect(await page.$$eval('table', (all) => all.length)).toBe(2)
    expect(await (await page.$('.keys'))?.boundingBox()).toBeNull()
    expectQuiet(visit)
    await page.close()
  })

  it.each(['light', 'dark'])('has readable colours in %s', async (scheme) => {
    const { page } = await browser.open('colors.html', oldPage())
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    const style = (selector: string, property: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`) as Promise<string>
    const ground = luminance(await style('body', 'backgroundColor'))
    expect(scheme === 'dark').toBe(ground < 0.2)
    for (const selector of ['body', '.page-head p', 'a', 'th', '.keys']) {
      expect(contrast(luminance(await style(selector, 'color')), ground), selector).toBeGreaterThanOrEqual(
        4.5,
      )
    }
    for (const selector of ['.strips .cf', '.strips .note', '.strips .tick', '.strips .length']) {
      expect(contrast(luminance(await style(selector, 'fill')), ground), selector).toBeGreaterThanOrEqual(4.5)
    }
    const known = luminance(await style('.known', 'fill'))
    expect(contrast(known, ground)).toBeGreaterThanOrEqual(3)
    const hatch = luminance(await style('.hatch-line', 'stroke'))
    expect(contrast(hatch, luminance(await style('.hatch-ground', 'fill')))).toBeGreaterThanOrEqual(3)
    await page.close()
  })

  it('prints dark on white, without what only a screen can do', async () => {
    const visit = await browser.open('print.html', oldPage())
    const { page } = visit
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
    await page.evaluate(`document.getElementById('f0s3-0').focus()`)
    await page.emulateMediaType('print')
    expect(await page.evaluate(`getComputedStyle(document.body).backgroundColor`)).toBe('rgb(255, 255, 255)')
    expect(await page.evaluate(`getComputedStyle(document.body).color`)).toBe('rgb(0, 0, 0)')
    expect(await tipOf(page)).toBeNull()
    expect(await (await page.$('.keys'))?.boundingBox()).toBeNull()
    const pdf = await page.pdf({ format: 'A4', printBackground: false })
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-')
    expectQuiet(visit)
    await page.close()
  })
})
