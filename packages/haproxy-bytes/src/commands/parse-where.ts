import { UsageError } from '@nightshift/tooling/command-line'
import { fieldName, type LogFormat } from '../log-format/index.ts'
import type { LogLine } from '../scan/index.ts'
import type { Transfer } from '../transfer/index.ts'

const PLAIN = ['frontend', 'backend', 'server', 'status'] as const
type PlainName = (typeof PLAIN)[number]
const isPlain = (name: string): name is PlainName => (PLAIN as readonly string[]).includes(name)

type Condition = readonly [name: string, value: string]

/** Names of all fields of formats, each once, in their order. */
export function fieldNames(formats: readonly LogFormat[]): string[] {
  const names = formats.flatMap(({ items, encoding }) =>
    items.flatMap((item) =>
      item.kind === 'field' && (encoding === 'text' || item.name !== undefined) ? [fieldName(item)] : [],
    ),
  )
  return [...new Set(names)]
}

/** Transfers of which all conditions hold. */
export class Where {
  readonly #plain: readonly (readonly [PlainName, string])[]
  readonly #fields: readonly Condition[]

  /** @throws UsageError for a field that no format has: it would silently find nothing */
  constructor(conditions: readonly Condition[], formats: readonly LogFormat[]) {
    this.#plain = conditions.flatMap(([name, value]) => (isPlain(name) ? [[name, value] as const] : []))
    this.#fields = conditions.filter(([name]) => !isPlain(name))
    const names = fieldNames(formats)
    for (const [name] of this.#fields)
      if (!names.includes(name))
        throw new UsageError(`--where: no format has a field ${name}`, {
          remedy: `the fields are ${[...PLAIN, ...names].join(', ')}`,
        })
  }

  /** Fields that must be without doubt. */
  get asked(): readonly string[] {
    return this.#fields.map(([name]) => name)
  }

  holds(transfer: Transfer, line: LogLine): boolean {
    if (!this.#plain.every(([name, value]) => String(transfer[name] ?? '') === value)) return false
    if (this.#fields.length === 0) return true
    const fields = line.fields()
    return this.#fields.every(([name, value]) => fields.find((field) => field.name === name)?.text === value)
  }
}
