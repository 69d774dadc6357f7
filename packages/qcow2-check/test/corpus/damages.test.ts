import { describe, expect, test } from 'vitest'
import { casesOf } from './cases.ts'
import { crashStates } from './crash-matrix.ts'
import { DAMAGES } from './damages/index.ts'
import { makeHealthy } from './healthy.ts'
import { nextSnapshotOf } from './next-snapshot.ts'
import { SHAPES, shapeNamed } from './shape.ts'

describe('the table of damages', () => {
  test('has every row of the taxonomy, and each name once', () => {
    const rows = [...new Set(DAMAGES.map(({ row }) => row))].sort((a, b) => a - b)
    expect(rows).toEqual(Array.from({ length: 22 }, (_, row) => row + 1))
    expect(new Set(DAMAGES.map(({ name }) => name)).size).toBe(DAMAGES.length)
  })

  const used = new Set<string>()

  test.each(DAMAGES)('$name changes the images it is done to', async (damage) => {
    const cases = await casesOf(damage)
    expect(cases.length).toBeGreaterThan(0)
    for (const { bytes, healthy } of cases) {
      expect(bytes.equals(healthy.bytes)).toBe(false)
      used.add(healthy.shape.name)
    }
  })

  test('leaves no shape untouched', () => {
    expect(SHAPES.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([])
  })
})

describe('the crash matrix', () => {
  test('goes from before to after, over seven places that all differ', async () => {
    const healthy = await makeHealthy(shapeNamed('v3-64k-two'))
    const states = crashStates(healthy)
    const next = nextSnapshotOf(healthy)
    const distinct = new Set(states.map(({ bytes }) => bytes.toString('latin1')))
    expect(distinct.size).toBe(128)
    expect(states[0]?.bytes.equals(next.before)).toBe(true)
    expect(states.at(-1)?.bytes.equals(next.after)).toBe(true)
  })
})
