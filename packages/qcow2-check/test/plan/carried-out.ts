import { PHASES, type Plan } from '../../src/plan/index.ts'

/** What an image holds once a plan was carried out: phase by phase, as a repair writes. */
export function carriedOut(bytes: Uint8Array, plan: Plan, upTo: number = PHASES.length): Buffer {
  const result = Buffer.alloc(Math.max(bytes.length, plan.finalSize))
  result.set(bytes)
  let size = bytes.length
  for (const phase of PHASES.slice(0, upTo))
    for (const { writes } of plan.actions)
      for (const { offset, before, after, phase: own } of writes) {
        if (own !== phase) continue
        const there = result.subarray(offset, offset + before.length)
        if (!there.equals(before)) throw new Error(`what a write at ${offset} replaces is not what it says`)
        result.set(after, offset)
        size = Math.max(size, offset + after.length)
      }
  return result.subarray(0, size)
}
