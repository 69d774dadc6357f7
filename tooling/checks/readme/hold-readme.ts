import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { currentReadme } from '../../build/readme.ts'
import '../packed/packed-package.ts'
import { codeBlocks } from './blocks.ts'
import { deadLinks } from './dead-links.ts'
import { type MakeScene, pageToday } from './page.ts'

/** A page starts some dozens of programs, one after the other. */
const LONGEST = 150_000

/**
 * The tests that a tool's README.md has to pass: all it shows is run, its tables are those of the sources, and its links,
 * as those of docs/, lead somewhere.
 *
 * @param exports names that the library exports; each must be used in an example
 */
export function holdReadme(
  packageFolder: string,
  { makeScene, exports }: { readonly makeScene: MakeScene; readonly exports: readonly string[] },
): void {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  const pages = ['README.md', ...readdirSync(join(packageFolder, 'docs')).map((name) => `docs/${name}`)]

  test('every command and program of the README runs, and prints what it shows', {
    timeout: LONGEST,
  }, async () => {
    const packed = inject('packedPackage')
    if (packed === undefined) throw new Error('nothing is built: run `npm run build` first')
    const folder = mkdtempSync(join(tmpdir(), 'readme-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const today = await pageToday(readme, folder, packed, makeScene)
    expect(today.failures).toEqual([])
    // `npm run docs` brings the page up to date; look at what changed.
    expect(readme).toBe(today.markdown)
  })

  test('options, exit codes and figures are those of the sources and the newest results', async () => {
    expect(readme).toBe(await currentReadme(packageFolder))
  })

  test('there is an example of every export', () => {
    const programs = codeBlocks(readme)
      .filter(({ language }) => language === 'js')
      .map(({ code }) => code)
      .join('\n')
    expect(exports.filter((name) => !new RegExp(`\\b${name}\\b`).test(programs))).toEqual([])
  })

  test.each(pages)('%s: links lead somewhere, to sections too', (page) => {
    expect(deadLinks(packageFolder, page)).toEqual([])
  })
}
