import { PartialError } from './partial.ts'

/** What is read from a row is checked here, once: it may come from another machine, or from anybody. */

export function parseRow(row: string): unknown {
  try {
    return JSON.parse(row)
  } catch {
    throw new PartialError('bad-row')
  }
}

export function demand(valid: boolean): asserts valid {
  if (!valid) throw new PartialError('bad-row')
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value))
  return value as Record<string, unknown>
}

export function asList(value: unknown): readonly unknown[] {
  demand(Array.isArray(value))
  return value
}

export function asCount(value: unknown): number {
  demand(isCount(value))
  return value
}

export function asText(value: unknown): string {
  demand(typeof value === 'string')
  return value
}

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0
