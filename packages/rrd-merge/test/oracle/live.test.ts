import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { mergeInProcess, mergeNaively } from './live-merges.ts'
import { liveRound, type MergeOnce, passes, type RoundResult } from './live-round.ts'

const round = (merge: MergeOnce, shape?: readonly string[]): Promise<RoundResult> => {
  const folder = mkdtempSync(join(tmpdir(), 'live-round-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return liveRound(merge, shape ? { folder, shape } : { folder })
}

test.each([1, 2])('20,000 updates back to back while merging, round %i', async () => {
  const result = await round(mergeInProcess('auto'))
  expect(result.merges).toBeGreaterThan(0)
  expect(result.refused).toBe(0)
  expect(passes(result), JSON.stringify(result)).toBe(true)
})

test('the round finds what it is for: merging without the protocol loses updates', async () => {
  const result = await round(mergeNaively)
  expect(result.wrong).toBeGreaterThan(1000)
})
