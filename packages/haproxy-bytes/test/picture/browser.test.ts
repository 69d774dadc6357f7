import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contrast, luminance } from '../../../../tooling/checks/browser/contrast.ts'
import { expectQuiet, TestBrowser } from '../../../../tooling/checks/browser/test-browser.ts'
import type { Picture } from '../../src/commands/chart-picture.ts'
import { Scratch } from '../support/scratch.ts'
import { lineOf, pictureOf, snapshotsOf, threeHours } from './logs.ts'

/** What a log may call a frontend, and a file may be called: of the bytes that a name in a log can have. */
const HOSTILE =
  '</script><script>alert(1)</script><img/src=x/onerror=alert(2)>"onload="alert(3)\u001b[2J\u009b31m=1+1]]>'
const TITLE = `Gap: ${HOSTILE}\u202e`

const scratch = new Scratch('haproxy-bytes-browser')
let browser: TestBrowser
let gap: Picture
let waterfall: Picture
let hostile: Readonly<Record<'gap' | 'waterfall', Picture>>
beforeAll(async () => {
  const all = threeHours()
  const kept = all.filter(({ number }) => number < 3000 || number >= 3200)
  const log = kept.map(lineOf).join('')
  gap = await pictureOf(scratch, 'gap', log, { snapshots: snapshotsOf(all, 60_000) })
  waterfall = await pictureOf(scratch, 'waterfall', log)
  const named = [...threeHours(HOSTILE).slice(0, 50), ...threeHours(HOSTILE).slice(60, 90)]
  const evil = Buffer.from(named.map(lineOf).join(''), 'latin1')
  hostile = {
    gap: await pictureOf(scratch, 'gap', evil),
    waterfall: await pictureOf(scratch, 'waterfall', evil),
  }
  browser = await TestBrowser.start()
}, 60_000)
afterAll(async () => {
  await browser?.stop()
  scratch[Symbol.dispose]()
})

const page = (picture: Picture, title = 'web') => picture.html(title, 'haproxy-bytes test')

describe('the page of the gap', () => {
  it('opens from a file without a complaint or a request, and is worked by the keyboard', async () => {
    const visit = await browser.open('gap.html', page(gap))
    const said = () => visit.page.evaluate(`document.activeElement.getAttribute('aria-valuetext')`)
    const isTipHidden = () => visit.page.evaluate(`document.querySelector('.tip').hidden`)
    await visit.page.keyboard.press('Tab')
    expect(await said()).toMatch(/^2026-11-21 10:00:00 to 10:01:00: 60 transfers; logged 201,630 bytes; /)
    await visit.page.keyboard.press('ArrowRight')
    expect(await said()).toMatch(/^2026-11-21 10:01:00 to 10:02:00: /)
    await visit.page.keyboard.press('PageDown')
    expect(await said()).toMatch(/^2026-11-21 10:49:00 to 10:50:00: .*; lines lost$/)
    await visit.page.keyboard.press('End')
    expect(await said()).toMatch(/^2026-11-21 12:59:00 to 13:00:00: /)
    expect(await isTipHidden()).toBe(false)
    await visit.page.keyboard.press('Escape')
    expect(await isTipHidden()).toBe(true)
    expectQuiet(visit)
    await visit.page.close()
  })

  it('shows what is under the pointer', async () => {
    const { page: open } = await browser.open('pointer.html', page(gap))
    const box = await (await open.$('.chart .logged'))?.boundingBox()
    if (!box) throw new Error('the line has no place on the page')
    await open.mouse.move(box.x + 2, box.y + box.height / 2)
    expect(await open.evaluate(`document.querySelector('.tip').innerText`)).toMatch(
      /^2026-11-21 10:00:00 to /,
    )
    await open.close()
  })

  it('has the figures of every interval in tables, also without any script', async () => {
    const visit = await browser.open('no-script.html', page(gap), { script: false })
    const rows = (id: string) => visit.page.$$eval(`#${id} tbody tr`, (all) => all.length)
    expect([await rows('intervals'), await rows('counted'), await rows('losses')]).toEqual([181, 180, 1])
    expect((await (await visit.page.$('.chart .band'))?.boundingBox())?.width).toBeGreaterThan(500)
    expectQuiet(visit)
    await visit.page.close()
  })
})

it('the page of a waterfall has its figures in tables, and complains of nothing', async () => {
  const visit = await browser.open('waterfall.html', page(waterfall))
  expect(await visit.page.$$eval('#steps0 tbody tr', (all) => all.length)).toBeGreaterThan(4)
  expect((await (await visit.page.$('.chart .sum'))?.boundingBox())?.width).toBeGreaterThan(20)
  expectQuiet(visit)
  await visit.page.close()
})

const MARKS = ['logged', 'band', 'counted', 'loss', 'sum', 'bounded']

describe.each(['light', 'dark'])('in %s', (scheme) => {
  it.each([
    ['gap.html', () => page(gap)],
    ['waterfall.html', () => page(waterfall)],
    ['gap.svg', () => gap.svg('web')],
    ['waterfall.svg', () => waterfall.svg('web')],
  ])('marks of %s can be told from the ground', async (name, content) => {
    const { page: open } = await browser.open(name, content())
    await open.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    const style = (selector: string, property: string) =>
      open.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`) as Promise<string>
    const ground = luminance(
      name.endsWith('.svg') ? await style('.page', 'fill') : await style('body', 'backgroundColor'),
    )
    let seen = 0
    for (const mark of MARKS) {
      if (!(await open.$(`.chart .${mark}, .chart.${mark}`))) continue
      seen++
      const stroke = await style(`.chart .${mark}`, 'stroke')
      const color = stroke === 'none' ? await style(`.chart .${mark}`, 'fill') : stroke
      expect(contrast(luminance(color), ground), mark).toBeGreaterThan(3)
    }
    expect(seen).toBeGreaterThan(1)
    for (const text of ['text', '.note'])
      expect(contrast(luminance(await style(`.chart ${text}`, 'fill')), ground)).toBeGreaterThan(4.5)
    await open.close()
  })
})

it.each([
  ['gap.html', () => page(hostile.gap, TITLE), 2],
  ['waterfall.html', () => page(hostile.waterfall, TITLE), 2],
  ['gap.svg', () => hostile.gap.svg(TITLE), 0],
  ['waterfall.svg', () => hostile.waterfall.svg(TITLE), 0],
])('hostile names run nothing in %s, and control nothing', async (name, render, scripts) => {
  const content = render()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested
  expect(content).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  const visit = await browser.open(name, content)
  expect(await visit.page.$$eval('script', (all) => all.length)).toBe(scripts)
  expect(await visit.page.$$eval('img, [onload], [onerror]', (all) => all.length)).toBe(0)
  expect(await visit.page.evaluate('document.documentElement.textContent')).toContain('<script>alert(1)')
  expectQuiet(visit)
  await visit.page.close()
})
