import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contrast, luminance } from '../../../../tooling/checks/browser/contrast.ts'
import { expectQuiet, TestBrowser } from '../../../../tooling/checks/browser/test-browser.ts'
import { type ClusterMap, renderMapPage, renderSvg } from '../../src/picture/index.ts'
import { Scratch } from '../support/scratch.ts'
import { makeSnapshotImage, mapOf } from './images.ts'

const HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(2)>" onload="alert(3)\u202e]]>'

const scratch = new Scratch('qcow2-browser')
let browser: TestBrowser
let map: ClusterMap
beforeAll(async () => {
  makeSnapshotImage(scratch.file('image.qcow2'))
  const sound = await mapOf(scratch.file('image.qcow2'))
  // One cell that is broken, so that there is something to go to.
  const cells = sound.cells.map((cell, index) =>
    index === 9 ? { ...cell, damaged: true, codes: ['refcount-low' as const] } : cell,
  )
  map = { ...sound, cells }
  browser = await TestBrowser.start()
})
afterAll(async () => {
  await browser?.stop()
  scratch[Symbol.dispose]()
})

const page = (name = 'image.qcow2') => renderMapPage(name, map, 'qcow2-check test')

describe('the page', () => {
  it('opens from a file without a complaint or a request, and is worked by the keyboard', async () => {
    const visit = await browser.open('map.html', page())
    const said = () => visit.page.evaluate(`document.activeElement.getAttribute('aria-valuetext')`)
    await visit.page.keyboard.press('Tab')
    expect(await said()).toBe('0x0 to 0x10000: header, L1, L2 and snapshot tables')
    await visit.page.keyboard.press('ArrowRight')
    expect(await said()).toBe('0x10000 to 0x20000: refcounts')
    await visit.page.keyboard.press('PageDown')
    expect(await said()).toMatch(/^0x90000 to 0xa0000: .*; found: refcount-low$/)
    await visit.page.keyboard.press('End')
    const last = (map.clusters - 1) * map.clusterSize
    expect(await said()).toContain(`0x${last.toString(16)} to`)
    expect(await visit.page.evaluate(`document.querySelector('.tip').hidden`)).toBe(false)
    await visit.page.keyboard.press('Escape')
    expect(await visit.page.evaluate(`document.querySelector('.tip').hidden`)).toBe(true)
    expectQuiet(visit)
    await visit.page.close()
  })

  it('shows what is under the pointer', async () => {
    const { page: open } = await browser.open('pointer.html', page())
    const box = await (await open.$('#map'))?.boundingBox()
    if (!box) throw new Error('the map has no place on the page')
    await open.mouse.move(box.x + box.width / 64, box.y + box.width / 64)
    expect(await open.evaluate(`document.querySelector('.tip').innerText`)).toMatch(/^0x0 to 0x10000: /)
    await open.close()
  })

  it.each(['light', 'dark'])('has colours that can be told from the ground in %s', async (scheme) => {
    const { page: open } = await browser.open(`${scheme}.html`, page())
    await open.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    const style = (selector: string, property: string) =>
      open.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`) as Promise<string>
    const ground = luminance(await style('body', 'backgroundColor'))
    for (const category of ['active', 'shared', 'snapshot', 'compressed', 'table', 'refcount'])
      expect(contrast(luminance(await style(`.map .${category}`, 'fill')), ground), category).toBeGreaterThan(
        3,
      )
    expect(contrast(luminance(await style('.map text', 'fill')), ground)).toBeGreaterThan(4.5)
    await open.close()
  })

  it('has picture and tables without any script', async () => {
    const visit = await browser.open('no-script.html', page(), { script: false })
    expect((await (await visit.page.$('.map .active'))?.boundingBox())?.width).toBeGreaterThan(50)
    expect(await visit.page.$$eval('#totals tbody tr', (rows) => rows.length)).toBeGreaterThan(4)
    expectQuiet(visit)
    await visit.page.close()
  })
})

it.each([
  ['page.html', () => page(HOSTILE), 2],
  ['map.svg', () => renderSvg(HOSTILE, map), 0],
])('a hostile name runs nothing in %s', async (name, render, scripts) => {
  const visit = await browser.open(name, render())
  expect(await visit.page.$$eval('script', (all) => all.length)).toBe(scripts)
  expect(await visit.page.$$eval('img, [onload], [onerror]', (all) => all.length)).toBe(0)
  expect(await visit.page.evaluate('document.documentElement.textContent')).toContain('<script>alert(1)')
  expectQuiet(visit)
  await visit.page.close()
})
