import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SCHEMAS } from './documents.ts'

const part = (name: string): Record<string, unknown> => SCHEMAS.get(name) as Record<string, unknown>

/** The shape of a file inside a document, and as a row of its own. */
it.each([
  ['rrd-merge/merge@1', 'file', 'rrd-merge/merge-file@1'],
  ['rrd-merge/check@1', 'checkedFile', 'rrd-merge/check-file@1'],
])('%s and its rows say the same of a file', (document, name, row) => {
  const inside = (part(document).$defs as Record<string, { properties: object }>)[name]
  const { schema, ...properties } = part(row).properties as Record<string, unknown>
  expect(schema).toEqual({ const: row })
  expect(properties).toEqual(inside?.properties)
})

it('definitions of one name are alike in all schemas', () => {
  const seen = new Map<string, unknown>()
  for (const [id, { $defs = {} }] of SCHEMAS) {
    if (id === 'rrd-merge/coverage@1') continue
    for (const [name, definition] of Object.entries($defs)) {
      if (seen.has(name)) expect(definition, `${id} ${name}`).toEqual(seen.get(name))
      seen.set(name, definition)
    }
  }
  expect(seen.size).toBeGreaterThan(10)
})

it('there is one for every command, and the codes of check are those of the sources', () => {
  const cli = readFileSync(new URL('../../src/cli.ts', import.meta.url), 'utf8')
  const commands = [...cli.matchAll(/^ {2}name: '([a-z]+)',$/gm)].map(([, name]) => `rrd-merge/${name}@1`)
  expect(commands).toHaveLength(8)
  const rows = ['merge-file', 'merge-totals', 'check-file', 'check-totals'].map(
    (name) => `rrd-merge/${name}@1`,
  )
  expect([...SCHEMAS.keys()].sort()).toEqual([...commands, ...rows].sort())

  const finding = readFileSync(new URL('../../src/format/check/finding.ts', import.meta.url), 'utf8')
  const codes = [...finding.matchAll(/^ {2}\| '([a-z-]+)'$/gm)].map(([, code]) => code)
  const { finding: shape } = part('rrd-merge/check@1').$defs as Record<
    string,
    { properties: { code: object } }
  >
  expect(shape?.properties.code).toEqual({ enum: codes })
})
