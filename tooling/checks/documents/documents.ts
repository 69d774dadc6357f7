import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'
import { expect } from 'vitest'

export type Document = Readonly<Record<string, unknown>> & { readonly schema: string }

export interface Documents {
  /** The schemas that ship, by the name that documents carry: `rrd-merge/merge@1`. */
  readonly SCHEMAS: ReadonlyMap<string, AnySchemaObject>
  /** The errors of a document under the schema that it names; none where it is as promised. */
  readonly faultsOf: (document: Document) => string[]
  /** The one document of `--json`, or each row of `--ndjson`, all of them as their schemas say. */
  readonly documentsOf: (stdout: string) => Document[]
}

/** Holds what a tool prints to the schemas in its own folder. */
export function documentsBy(folder: URL): Documents {
  const SCHEMAS = new Map(
    readdirSync(folder).map((name) => {
      const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as AnySchemaObject
      return [schema.$id as string, schema]
    }),
  )
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true })
  ajv.addFormat('base64', true)
  const validators = new Map([...SCHEMAS].map(([name, schema]) => [name, ajv.compile(schema)]))
  const faultsOf = (document: Document): string[] => {
    const validate = validators.get(document.schema)
    if (!validate) return [`no schema ships for ${document.schema}`]
    if (validate(document)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
  const documentsOf = (stdout: string): Document[] => {
    const documents = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Document)
    for (const document of documents) expect(faultsOf(document), JSON.stringify(document)).toEqual([])
    return documents
  }
  return { SCHEMAS, faultsOf, documentsOf }
}
