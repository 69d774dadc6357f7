import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CONSENT_CLASSES, FINDINGS, SAFE_CLASSES } from '../../src/findings/index.ts'

const PACKAGE = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(PACKAGE, path), 'utf8')
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, first = '']) => first)

/** The chapters of the page, each with its sections by code. */
function chapters(): Map<string, Map<string, string>> {
  const [, ...parts] = read('docs/codes.md').split(/^## /m)
  return new Map(
    parts.map((part) => {
      const [title = '', ...sections] = part.split(/^### /m)
      return [
        title.split('\n', 1)[0] as string,
        new Map(sections.map((section) => [/^`(.+)`/.exec(section)?.[1] ?? section, section])),
      ]
    }),
  )
}

const PAGE = chapters()
const FINDING_CHAPTERS = [...PAGE.keys()].filter((title) => title !== 'Errors' && title !== 'Warnings')
const SECTIONS = new Map(FINDING_CHAPTERS.flatMap((title) => [...(PAGE.get(title) ?? [])]))

/** The names that the text of a finding is made of. */
function fieldsOf(code: string): string[] {
  const pattern = new RegExp(`^  '?${code}'?: \\((?:\\{([^}]*)\\})?\\)`, 'm')
  const [, fields = ''] = pattern.exec(read('src/findings/text.ts')) ?? []
  return fields
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

test('each finding has its section, in the order of the table, and no other has', () => {
  expect([...SECTIONS.keys()]).toEqual(Object.keys(FINDINGS))
})

describe.each(Object.entries(FINDINGS))('%s', (code, severity) => {
  const section = SECTIONS.get(code) ?? ''

  test('says what it is, why, what QEMU does, how it is repaired, what is lost', () => {
    expect(section.split('\n')[2]?.toLowerCase()).toMatch(new RegExp(`^${severity}\\. .{20}`))
    for (const label of ['Why', 'QEMU', 'Repair', 'Lost'])
      expect(section).toMatch(new RegExp(`^- \\*\\*${label}:\\*\\* .{4}`, 'm'))
  })

  test('lists the fields of its text', () => {
    const [, listed = ''] = /^- \*\*Fields:\*\* (.*)$/m.exec(section) ?? []
    expect(all(listed, /`(\w+)`/g)).toEqual(fieldsOf(code))
  })

  test('names only classes that there are', () => {
    const [, repair = ''] = /^- \*\*Repair:\*\* (.*)$/m.exec(section) ?? []
    const classes: readonly string[] = [...SAFE_CLASSES, ...CONSENT_CLASSES]
    const named = all(repair, /`([a-z]+(?:-[a-z]+)+)`/g)
    expect(named.filter((name) => !classes.includes(name))).toEqual([])
    for (const [, name] of repair.matchAll(/`([a-z-]+)`,? safe/g)) expect(SAFE_CLASSES).toContain(name)
    for (const [, name] of repair.matchAll(/`([a-z-]+)` by consent/g)) expect(CONSENT_CLASSES).toContain(name)
  })
})

test('each error has its section, and no other', () => {
  const [, union = ''] =
    /export type Qcow2ErrorCode =((?:\n {2}\| '[^']+')*)/.exec(read('src/errors.ts')) ?? []
  // Those of the command line itself are the tooling's.
  const own = ['USAGE', 'OUTPUT', 'ABORTED', 'BUG']
  expect([...(PAGE.get('Errors')?.keys() ?? [])]).toEqual([...all(union, /'([^']+)'/g), ...own])
})

test('each warning of a command has its section, and no other', () => {
  const sources = readdirSync(join(PACKAGE, 'src/commands')).map((name) => read(`src/commands/${name}`))
  const codes = sources.flatMap((text) => all(text, /log\.warn\((?:(?!log\.)[\s\S])*?code: '([a-z-]+)'/g))
  // Where a word names a command and a file, the tooling says so.
  expect([...(PAGE.get('Warnings')?.keys() ?? [])].sort()).toEqual(
    [...new Set([...codes, 'command-or-file'])].sort(),
  )
})
