import { InvalidArgumentError } from '@commander-js/extra-typings'

interface Range {
  readonly min?: number
  readonly max?: number
}

/** A whole number in decimal, within a range (both ends included). */
export function integer({ min = 0, max = Number.MAX_SAFE_INTEGER }: Range = {}): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
    if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('it must be a whole number.')
    if (value < min || value > max) throw new InvalidArgumentError(`it must be ${rangeText(min, max)}.`)
    return value
  }
}

/** A decimal number within a range (both ends included). */
export function decimal({
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
}: Range = {}): (text: string) => number {
  return (text) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
    if (!Number.isFinite(value)) throw new InvalidArgumentError('it must be a number.')
    if (value < min || value > max) throw new InvalidArgumentError(`it must be ${rangeText(min, max)}.`)
    return value
  }
}

/** `0.1%` as the fraction 0.001; the sign is required, so that it can't be taken for a plain number. */
export function percentage(text: string): number {
  const match = /^(\d+\.?\d*|\.\d+)\s?%$/.exec(text)
  if (match === null) throw new InvalidArgumentError('it must be a percentage with its sign, such as 0.1%.')
  return Number(match[1]) / 100
}

function rangeText(min: number, max: number): string {
  const high = max === Number.MAX_SAFE_INTEGER || max === Number.POSITIVE_INFINITY
  if (high) return `${min} or more`
  return min === Number.NEGATIVE_INFINITY ? `${max} or less` : `from ${min} to ${max}`
}
