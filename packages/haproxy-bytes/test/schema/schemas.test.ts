import { expect, it } from 'vitest'
import { SCHEMAS } from './documents.ts'

Object.assign(globalThis, { __VERSION__: '0.0.0' })
const { tool } = await import('../../src/cli.ts')

it('there is one for every command', () => {
  const commands = tool.commands.map(
    ({ name, schemaVersion = 1 }) => `haproxy-bytes/${name}@${schemaVersion}`,
  )
  expect([...SCHEMAS.keys()]).toEqual(expect.arrayContaining(commands))
})

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

it('a group of a stream is described as one of a document', () => {
  const group = (SCHEMAS.get('haproxy-bytes/total@1') as { $defs: { group: { properties: object } } }).$defs
    .group
  const { schema, ...alone } = (
    SCHEMAS.get('haproxy-bytes/total-group@1') as { properties: Record<string, object> }
  ).properties
  expect(schema).toEqual({ const: 'haproxy-bytes/total-group@1' })
  expect(alone).toEqual(group.properties)
})
