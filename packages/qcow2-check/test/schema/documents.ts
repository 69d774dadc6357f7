import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'
import { expect } from 'vitest'

const FOLDER = new URL('../../schema/', import.meta.url)

/** The schemas that ship, by the name that documents carry: `qcow2-check/merge@1`. */
export const SCHEMAS: ReadonlyMap<string, AnySchemaObject> = new Map(
  readdirSync(FOLDER).map((name) => {
    const schema = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as AnySchemaObject
    return [schema.$id as string, schema]
  }),
)

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true })
ajv.addFormat('base64', true)
const validators = new Map([...SCHEMAS].map(([name, schema]) => [name, ajv.compile(schema)]))

export type Document = Readonly<Record<string, unknown>> & { readonly schema: string }

/** The errors of a document under the schema that it names; none where it is as promised. */
export function faultsOf(document: Document): string[] {
  const validate = validators.get(document.schema)
  if (!validate) return [`no schema ships for ${document.schema}`]
  if (validate(document)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** The one document of `--json`, or each row of `--ndjson`, all of them as their schemas say. */
export function documentsOf(stdout: string): Document[] {
  const documents = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Document)
  for (const document of documents) expect(faultsOf(document), JSON.stringify(document)).toEqual([])
  return documents
}
