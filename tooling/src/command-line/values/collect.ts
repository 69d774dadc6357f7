import type { Option } from '@commander-js/extra-typings'

const repeatable = new WeakSet<object>()

/**
 * For an option that may be given several times, one value each time: the values in order. Every other option given
 * twice has its last value.
 *
 * @param parse turns one value into what is collected
 */
export function collect<T>(
  parse: (text: string) => T,
): (text: string, before: readonly T[] | undefined) => readonly T[] {
  const parser = (text: string, before: readonly T[] | undefined): readonly T[] => [
    ...(before ?? []),
    parse(text),
  ]
  repeatable.add(parser)
  return parser
}

/** True for options whose values are collected. */
export function isRepeatable(option: Pick<Option, 'parseArg'>): boolean {
  return option.parseArg !== undefined && repeatable.has(option.parseArg)
}
