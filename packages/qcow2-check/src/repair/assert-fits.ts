import { survey } from '../check/index.ts'
import { Qcow2Error } from '../errors.ts'
import { fingerprintOf, type Plan } from '../plan/index.ts'
import { openRecovered } from '../recover/index.ts'
import type { BlockSource } from '../source/index.ts'

/**
 * Holds an image to all that a plan was concluded from; the bytes that it replaces are compared in any case.
 *
 * @throws Qcow2Error `stale`
 */
export async function assertFits(source: BlockSource, plan: Plan, signal?: AbortSignal): Promise<void> {
  const options = signal ? { signal } : {}
  const seen = await survey(await openRecovered(source, options), options)
  const { digest } = await fingerprintOf(seen, signal)
  if (digest === plan.fingerprint.digest) return
  throw new Qcow2Error('stale', source.name, 'has changed since the plan was made', {
    remedy: 'make a new plan',
  })
}
