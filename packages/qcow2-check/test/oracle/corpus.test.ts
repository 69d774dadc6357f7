import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { DAMAGES } from '../corpus/damages/index.ts'
import { Scratch } from '../support/scratch.ts'
import { runDamage } from './group.ts'
import { KNOWN_LIMITS } from './known-limits.ts'
import type { Outcome } from './run-case.ts'
import { totalsOf, totalsPage } from './totals.ts'

const outcomes: Outcome[] = []
const scratch = new Scratch('qcow2-corpus')
afterAll(() => scratch[Symbol.dispose]())

/** Check, plan, repair, once more with consent, what QEMU reads then, undo: for every damage, in several shapes. */
// Several at a time share the processor with qemu-img: one may have to wait long for its turn.
describe.concurrent('every damage', { timeout: 240_000 }, () => {
  for (const damage of DAMAGES) {
    const run = KNOWN_LIMITS.has(damage.name) ? test.fails : test
    run(`row ${damage.row}, ${damage.name}: ${damage.story}`, async ({ expect }) => {
      const own = await runDamage(damage, scratch)
      outcomes.push(...own)
      expect(own.length).toBeGreaterThan(0)
      const failures = own.flatMap((outcome) =>
        outcome.failures.map((failure) => `${outcome.name}: ${failure}`),
      )
      expect(failures).toEqual([])
    })
  }
})

describe('the corpus as a whole', () => {
  test('every row of the taxonomy is in it', () => {
    expect([...new Set(DAMAGES.map(({ row }) => row))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 22 }, (_, row) => row + 1),
    )
  })

  const detectable = () => outcomes.filter(({ undetectable }) => !undetectable)

  test('none ends consistent with wrong data, none loses data that was in the file', () => {
    mkdirSync('reports', { recursive: true })
    writeFileSync('reports/corpus.md', totalsPage(detectable()))
    console.log(totalsPage(detectable()).split('\n').slice(0, 3).join(' '))
    const none = { consistentWithWrongData: 0, lostData: 0, clustersDestroyed: 0, phantomSnapshots: 0 }
    expect(totalsOf(detectable())).toMatchObject(none)
  })

  test('at least 90 % end consistent', () => {
    const { consistent, images } = totalsOf(detectable())
    expect(consistent / images).toBeGreaterThanOrEqual(0.9)
  })
})
