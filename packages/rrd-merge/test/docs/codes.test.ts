import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const PACKAGE = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(PACKAGE, path), 'utf8')
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, code = '']) => code)
const sorted = (codes: readonly string[]): string[] => [...new Set(codes)].sort()

/** Members of a union type of strings. */
function union(path: string, name: string): string[] {
  const [, body = ''] =
    new RegExp(`export type ${name} =([^\\n]*(?:\\n  \\|[^\\n]*)*)`).exec(read(path)) ?? []
  return all(body, /'([^']+)'/g)
}

/** Codes of warnings that stand in the sources of some folders. */
function warningCodes(...folders: readonly string[]): string[] {
  const sources = folders.flatMap((folder) =>
    readdirSync(join(PACKAGE, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(join(folder, name))),
  )
  return sources.flatMap((text) => all(text, /\bcode: '([a-z]+(?:-[a-z]+)*)'/g))
}

/** Why a walk left something: the keys of the table of reasons. */
function walkReasons(): string[] {
  const [, table = ''] = /const REASONS[^{]*\{([^}]*)\}/.exec(read('src/tree/pair-trees.ts')) ?? []
  return all(table, /^ {2}'?([a-z-]+)'?: /gm)
}

/** Sections by the chapter they stand in. */
function sections(): Map<string, string[]> {
  const chapters = read('docs/codes.md').split(/^## /m).slice(1)
  return new Map(
    chapters.map((chapter) => [chapter.split('\n', 1)[0] as string, all(chapter, /^### `(.+)`$/gm)]),
  )
}

test('each warning of files, trees, live files and rrdcached has its section, and no other', () => {
  const daemon = union('src/rrdcached/suspend-while.ts', 'SuspensionNoteCode').map(
    (code) => `rrdcached-${code}`,
  )
  const codes = [
    ...warningCodes('src/file', 'src/tree', 'src/live', 'src/commands'),
    ...walkReasons(),
    ...daemon,
  ]
  expect(codes.length).toBeGreaterThan(20)
  const chapters = sections()
  const explained = ['Warnings about files', 'Warnings about files that are being updated'].flatMap(
    (chapter) => chapters.get(chapter) ?? [],
  )
  expect(sorted(explained)).toEqual(sorted(codes))
})

test('each error has its section, and no other', () => {
  // Those of the command line itself are the tooling's.
  const own = ['USAGE', 'OUTPUT', 'ABORTED', 'BUG']
  const codes = [...union('src/format/error.ts', 'RrdErrorCode'), ...own]
  expect(sections().get('Errors')).toEqual(codes)
})

test('each error of rrdcached has its section, but ABORTED, which is above', () => {
  const codes = union('src/rrdcached/error.ts', 'RrdcachedErrorCode').filter((code) => code !== 'ABORTED')
  expect(sections().get('Errors of rrdcached')).toEqual(codes)
})

test('each finding of check stands in the table of docs/format.md, and no other', () => {
  const [, chapter = ''] = read('docs/format.md').split(/^## check$/m)
  const rows = chapter.split('\n').filter((line) => line.startsWith('| `'))
  const explained = rows.flatMap((row) => all(row.split('|')[1] as string, /`([a-z-]+)`/g))
  expect(sorted(explained)).toEqual(sorted(union('src/format/check/finding.ts', 'FindingCode')))
})

test('each code of the rrdtool client stands in the table of its page, and no other', () => {
  const [, chapter = ''] = read('docs/rrdtool-client.md').split(/^## Errors$/m)
  const explained = all(chapter.split(/^## /m)[0] as string, /^\| `([A-Z_]+)` \|/gm)
  expect(sorted(explained)).toEqual(sorted(union('src/rrdtool/error.ts', 'RrdtoolErrorCode')))
})
