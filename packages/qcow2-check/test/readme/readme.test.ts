import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { currentReadme } from '../../../../tooling/build/readme.ts'
import { codeBlocks } from '../../../../tooling/checks/readme/blocks.ts'
import * as library from '../../src/index.ts'
import { Scratch } from '../support/scratch.ts'
import { pageToday } from './page.ts'

const PACKAGE = join(import.meta.dirname, '../..')
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8')

/** Every Markdown page of the package, by its path. */
const PAGES = ['README.md', ...readdirSync(join(PACKAGE, 'docs')).map((name) => `docs/${name}`)]

test('every command and program of the README runs, and prints what it shows', async () => {
  const packed = inject('packedPackage')
  if (packed === undefined) throw new Error('nothing is built: run `npm run build` first')
  using scratch = new Scratch('qcow2-readme')
  const today = await pageToday(README, scratch.path, packed)
  expect(today.failures).toEqual([])
  // `npm run docs` brings the page up to date; look at what changed.
  expect(README).toBe(today.markdown)
})

test('options, exit codes and figures are those of the sources and the newest results', async () => {
  expect(README).toBe(await currentReadme(PACKAGE))
})

test('there is an example of every export', () => {
  const programs = codeBlocks(README)
    .filter(({ language }) => language === 'js')
    .map(({ code }) => code)
    .join('\n')
  const unused = Object.keys(library).filter((name) => !new RegExp(`\\b${name}\\b`).test(programs))
  expect(unused).toEqual([])
})

test.each(PAGES)('%s: links lead somewhere, to sections too', (page) => {
  const text = readFileSync(join(PACKAGE, page), 'utf8')
  const dead = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) =>
    /^https?:/.test(link) || leads(page, link) ? [] : [link],
  )
  expect(dead).toEqual([])
})

function leads(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const file = path === '' ? join(PACKAGE, page) : join(PACKAGE, dirname(page), path)
  if (!existsSync(file)) return false
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor)
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
