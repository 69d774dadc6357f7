import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HAPROXY_CODES, LOGROTATE_CODES, RSYSLOG_CODES } from '../../src/advise/index.ts'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
const CODES = [...HAPROXY_CODES, ...RSYSLOG_CODES, ...LOGROTATE_CODES]

test('each code of advice has its section, in order', () => {
  const sections = [...read('docs/advice.md').matchAll(/^### `(.+)`\n\n(.{10})/gm)].map(([, code]) => code)
  expect(sections).toEqual(CODES)
})

test('the schema knows each code', () => {
  const { properties } = JSON.parse(read('schema/advise.schema.json'))
  expect(properties.findings.items.properties.code.enum).toEqual(CODES)
})

test('evidence and reasons of a loss are explained', () => {
  const { $defs } = JSON.parse(read('schema/lost.schema.json'))
  const page = read('docs/loss.md')
  for (const name of [...$defs.evidence.enum, ...$defs.entry.properties.reasons.items.enum])
    expect(page).toContain(`\`${name}\``)
})
