import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { WARNING_CODES } from '../../src/findings/index.ts'

const PACKAGE = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(PACKAGE, path), 'utf8')
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, first = '']) => first)

/** The sections of the page by code, and the chapter each is in. */
const SECTIONS = new Map<string, { chapter: string; text: string }>()
for (const part of read('docs/codes.md').split(/^## /m).slice(1)) {
  const [chapter = '', ...sections] = part.split(/^### /m)
  for (const text of sections)
    SECTIONS.set(/^`(.+)`/.exec(text)?.[1] ?? text, { chapter: chapter.split('\n', 1)[0] as string, text })
}
const inChapter = (name: string): string[] =>
  [...SECTIONS].filter(([, { chapter }]) => chapter === name).map(([code]) => code)
const READING = 'While logs are read'

test('each warning of a total has its section, in order', () => {
  const chapters = ['Of the log', 'Of lines that never arrived', 'Of the wire', 'Of partial results']
  expect(chapters.flatMap(inChapter)).toEqual([...WARNING_CODES])
})

describe.each([...WARNING_CODES])('%s', (code) => {
  const { text = '' } = SECTIONS.get(code) ?? {}

  test('says what it is, why, and what to do', () => {
    expect(text.split('\n')[2]).toMatch(/^.{30}/)
    for (const label of ['Why', 'Do']) expect(text).toMatch(new RegExp(`^- \\*\\*${label}:\\*\\* .{4}`, 'm'))
  })

  test('lists the fields of its text', () => {
    const [, used = ''] =
      new RegExp(`^  '?${code}'?: \\(\\{([^}]*)\\}`, 'm').exec(read('src/findings/text.ts')) ?? []
    const [, listed = ''] = /^- \*\*Fields:\*\* (.*)$/m.exec(text) ?? []
    const names = used.split(',').map((name) => name.trim())
    expect(all(listed, /`(\w+)`/g).sort()).toEqual(names.filter(Boolean).sort())
  })
})

test('each warning of reading has its section', () => {
  const codes = all(
    read('src/scan/scan-warning.ts').split('/** A log that')[0] as string,
    /'([a-z]+(?:-[a-z]+)*)'/g,
  )
  expect(inChapter(READING)).toEqual(expect.arrayContaining([...new Set(codes)]))
})

test.each([
  ['src/errors.ts', 'HaproxyBytesErrorCode'],
  ['src/partial/partial.ts', 'PartialErrorCode'],
])('each error of %s has its section', (file, name) => {
  const [, union = ''] = new RegExp(`export type ${name} =((?:\\s*\\|?\\s*'[^']+')+)`).exec(read(file)) ?? []
  const codes = all(union, /'([^']+)'/g)
  expect(codes.length).toBeGreaterThan(3)
  expect(inChapter('Errors')).toEqual(expect.arrayContaining(codes))
})
