import type { Transfer } from '../transfer/index.ts'
import { networkOf } from './network.ts'

/** What a total is divided by. */
export interface Key {
  /** As it was asked for: `client/24`, `hour`. */
  readonly name: string
  readonly of: (transfer: Transfer, host: string | undefined) => string | number | null
}

export type TimeKey = 'minute' | 'hour' | 'day' | 'month' | 'year'

/** Gives the local time of an instant as `2026-11-21T11:34:52`; by it a group of time is named. */
export type LocalTime = (instant: number) => string

const LENGTHS: Readonly<Record<TimeKey, number>> = { year: 4, month: 7, day: 10, hour: 13, minute: 16 }

const PLAIN: Readonly<Record<string, Key['of']>> = {
  frontend: ({ frontend }) => frontend ?? null,
  backend: ({ backend }) => backend ?? null,
  server: ({ server }) => server ?? null,
  status: ({ status }) => status ?? null,
  state: ({ state }) => state ?? null,
  host: (_, host) => host ?? null,
}

/** Names that `--by` takes, but for client/N. */
export const KEY_NAMES: readonly string[] = [...Object.keys(PLAIN), 'client', ...Object.keys(LENGTHS)]

/** @returns undefined for a name that is none, or a prefix that no address has */
export function keyNamed(name: string, localTime: LocalTime): Key | undefined {
  const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined
  if (plain) return { name, of: plain }
  const length = Object.hasOwn(LENGTHS, name) ? LENGTHS[name as TimeKey] : undefined
  if (length !== undefined)
    return { name, of: ({ instant }) => (instant === undefined ? null : localTime(instant).slice(0, length)) }
  if (name === 'client') return { name, of: ({ client }) => client ?? null }
  const bits = /^client\/(\d{1,3})$/.exec(name)?.[1]
  if (bits === undefined || Number(bits) > 128) return undefined
  // Up to 32 the prefix is of IPv4, and of IPv6 four times as long, as networks are given to customers: /24 and /64.
  const v4 = Math.min(Number(bits), 32)
  const v6 = Number(bits) > 32 ? Number(bits) : (IPV6_PREFIX[Number(bits)] ?? Number(bits) * 2)
  return { name, of: ({ client }) => (client === undefined ? null : networkOf(client, { v4, v6 })) }
}

const IPV6_PREFIX: Readonly<Record<number, number>> = { 32: 128, 24: 64, 16: 48, 8: 32 }
