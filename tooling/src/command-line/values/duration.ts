import { InvalidArgumentError } from '@commander-js/extra-typings'

/** Milliseconds. Months and years differ in length, so they are no units here. */
const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/**
 * `30` (seconds), `200ms`, `5m`, `1h30m`, `1.5d`, `2w`, in milliseconds; undefined where it is no duration.
 */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  if (!/^(\d+(\.\d+)?[a-z]+)+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)) {
    const factor = units[unit]
    if (factor === undefined) return undefined
    total += Number(amount) * factor
  }
  return total
}

/**
 * A duration, as a number of the unit that the command counts in. A number without unit is seconds.
 *
 * @param options.in the unit of the result
 */
export function duration(options: { readonly in: 'ms' | 's' }): (text: string) => number {
  return (text) => {
    const milliseconds = parseDuration(text)
    if (milliseconds === undefined || !Number.isFinite(milliseconds)) {
      throw new InvalidArgumentError('it must be a duration such as 30, 200ms, 5m, 1h30m or 2d.')
    }
    return options.in === 'ms' ? milliseconds : milliseconds / 1000
  }
}
