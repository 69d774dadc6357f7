import { badArgument } from '../caller.ts'
import type { CallIdentity } from '../error.ts'
import type { Time } from '../types.ts'

/** `--name=value`, so that a value which begins with a dash is not taken for an option; nothing for undefined. */
export function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`]
}

/**
 * rrdtool takes a number of up to eight digits for an hour or a date, so that 0 would be midnight of today
 * (rrd_parsetime.c): such a time is told as an offset.
 * @throws RrdtoolError BAD_ARGUMENT unless it is a whole number of seconds or a text that rrdtool parses itself.
 */
export function timeOption(call: CallIdentity, name: string, time: Time | undefined): string[] {
  if (typeof time === 'number') {
    const seconds = integer(call, name, time, 0)
    return option(name, seconds < 1e8 ? `epoch+${seconds}s` : seconds)
  }
  if (time !== undefined && (typeof time !== 'string' || time.trim() === '')) {
    throw badArgument(call, `${name} must be a time, not ${JSON.stringify(time)}`)
  }
  return option(name, time)
}

/** @throws RrdtoolError BAD_ARGUMENT */
export function integer(call: CallIdentity, name: string, value: number, minimum: number): number {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw badArgument(call, `${name} must be a whole number from ${minimum} on, not ${String(value)}`)
  }
  return value
}

export function integerOption(
  call: CallIdentity,
  name: string,
  value: number | undefined,
  minimum: number,
): string[] {
  return value === undefined ? [] : option(name, integer(call, name, value, minimum))
}

/** @throws RrdtoolError BAD_ARGUMENT unless it is a name. */
export function requireName(call: CallIdentity, what: string, name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '')
    throw badArgument(call, `${what} must be a name, not ${JSON.stringify(name)}`)
}

/** @throws RrdtoolError BAD_ARGUMENT unless it is a list of texts. */
export function requireWords(
  call: CallIdentity,
  what: string,
  words: unknown,
): asserts words is readonly string[] {
  if (!Array.isArray(words) || words.some((word) => typeof word !== 'string')) {
    throw badArgument(call, `${what} must be an array of strings`)
  }
}
