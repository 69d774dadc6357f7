import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CONSENT_CLASSES, FINDINGS, SAFE_CLASSES } from '../../src/findings/index.ts'
import { SCHEMAS } from './documents.ts'

const part = (name: string, definition: string): { enum?: unknown; properties?: Record<string, unknown> } =>
  ((SCHEMAS.get(name) as Record<string, unknown>).$defs as Record<string, object>)[definition] ?? {}

it('definitions of one name are alike in all schemas', () => {
  const seen = new Map<string, unknown>()
  for (const [id, { $defs = {} }] of SCHEMAS) {
    for (const [name, definition] of Object.entries($defs)) {
      if (seen.has(name)) expect(definition, `${id} ${name}`).toEqual(seen.get(name))
      seen.set(name, definition)
    }
  }
  expect(seen.size).toBeGreaterThan(10)
})

it('there is one for every command', () => {
  const cli = readFileSync(new URL('../../src/cli.ts', import.meta.url), 'utf8')
  const commands = [...cli.matchAll(/^ {2}name: '([a-z]+)',$/gm)].map(([, name]) => `qcow2-check/${name}@1`)
  expect(commands.length).toBeGreaterThan(5)
  expect([...SCHEMAS.keys()].filter((name) => commands.includes(name)).sort()).toEqual(commands.sort())
})

it('codes and classes are those of the sources', () => {
  const check = (name: string) => part('qcow2-check/check@1', name).enum
  expect(check('findingCode')).toEqual(Object.keys(FINDINGS))
  expect(check('repairClass')).toEqual([...SAFE_CLASSES, ...CONSENT_CLASSES])
  expect(check('consentClass')).toEqual(CONSENT_CLASSES)
})

it('there is one for every row of a stream that is no document', () => {
  const rows = ['qcow2-check/scan-image@1', 'qcow2-check/scan-totals@1']
  expect([...SCHEMAS.keys()]).toEqual(expect.arrayContaining(rows))
  const inside = part('qcow2-check/scan@1', 'image').properties
  const { schema, ...alone } = (SCHEMAS.get('qcow2-check/scan-image@1') as { properties: object })
    .properties as Record<string, object>
  expect(schema).toEqual({ const: 'qcow2-check/scan-image@1' })
  expect(alone).toEqual(inside)
})

it('one image of several is described as one alone', () => {
  const inside = part('qcow2-check/check@1', 'checkedImage').properties
  const { schema, images, ...alone } = (SCHEMAS.get('qcow2-check/check@1') as { properties: object })
    .properties as Record<string, object>
  expect(schema).toEqual({ const: 'qcow2-check/check@1' })
  expect(images).toBeDefined()
  expect(Object.keys(alone).sort()).toEqual(Object.keys(inside ?? {}).sort())
})
