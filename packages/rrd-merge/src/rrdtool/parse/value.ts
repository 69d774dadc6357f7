const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const UNKNOWN = /^[+-]?nan(?:\([^)]*\))?$/i
const INFINITE = /^([+-]?)inf(?:inity)?$/i

/** A value as any subcommand prints it (`nan`, `-nan`, `NaN`, `U` by subcommand and C library); undefined if it is none. */
export function parseValue(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text)
  if (text === 'U' || UNKNOWN.test(text)) return Number.NaN
  const infinite = INFINITE.exec(text)
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return undefined
}
