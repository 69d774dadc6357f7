import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Group, type GroupKey, GroupTable } from '../../src/totals/index.ts'

const group = (key: GroupKey, bytesOut: bigint, requests = 1): Group => ({
  key,
  requests,
  bytesOut,
  bytesIn: bytesOut * 3n,
  withoutBytesIn: 0,
  aborted: { requests: 0, bytesOut: 0n },
  partial: { requests, bytesOut: bytesOut / 2n },
})

function tableOf(groups: Iterable<Group>): GroupTable {
  const table = new GroupTable()
  for (const one of groups) table.add(one)
  return table
}

const sums = (groups: Iterable<Group>): Map<string, bigint> =>
  new Map(Array.from(groups, ({ key, bytesOut }) => [JSON.stringify(key), bytesOut]))

const someKey = fc.array(
  fc.oneof(fc.string({ unit: 'grapheme', maxLength: 3 }), fc.nat(3), fc.constant(null)),
  {
    minLength: 1,
    maxLength: 2,
  },
)
/** About 2^53, and far beyond what has 64 bits. */
const someBytes = fc.oneof(
  fc.bigInt(0n, 9n),
  fc.bigInt(2n ** 53n - 3n, 2n ** 53n + 3n),
  fc.bigInt(0n, 10n ** 40n),
)
const someGroups = fc.array(fc.tuple(someKey, someBytes).map(([key, bytes]) => group(key, bytes)))

describe('sums by key', () => {
  test('are exact at any size', () => {
    fc.assert(
      fc.property(someGroups, someGroups, (one, other) => {
        const wanted = new Map<string, bigint>()
        for (const { key, bytesOut } of [...one, ...other]) {
          const name = JSON.stringify(key)
          wanted.set(name, (wanted.get(name) ?? 0n) + bytesOut)
        }
        const merged = tableOf(one)
        merged.merge(tableOf(other))
        for (const table of [merged, tableOf([...one, ...other])]) {
          expect(sums(table)).toEqual(wanted)
          expect(table.total().bytesOut).toBe([...wanted.values()].reduce((sum, bytes) => sum + bytes, 0n))
        }
      }),
    )
  })

  test('come in one order, whatever the order in which they were added', () => {
    fc.assert(
      fc.property(someGroups, (groups) => {
        const sorted = [...tableOf(groups).sorted()]
        expect([...tableOf([...groups].reverse()).sorted()]).toEqual(sorted)
        const bytes = sorted.map(({ bytesOut }) => bytesOut)
        expect(bytes.every((one, index) => index === 0 || one <= (bytes[index - 1] as bigint))).toBe(true)
      }),
    )
  })

  test('of many keys are all found again', () => {
    const keys = Array.from({ length: 50_000 }, (_, number) => [`client ${number}`, number % 7])
    const table = tableOf([...keys, ...keys].map((key, index) => group(key, BigInt(index))))
    expect(table.size).toBe(keys.length)
    expect(sums(table)).toEqual(
      new Map(keys.map((key, index) => [JSON.stringify(key), BigInt(2 * index + keys.length)])),
    )
  })

  test('are the same on another thread', () => {
    const groups = [group(['a', 200], 2n ** 70n), group(['b', null], 3n)]
    const table = tableOf(groups)
    const moved = new GroupTable(structuredClone(table.parts, { transfer: table.buffers }))
    expect([...moved]).toEqual(groups)
    moved.add(group(['b', null], 4n))
    expect(sums(moved).get('["b",null]')).toBe(7n)
  })
})
