import type { Case } from './cases.ts'
import type { Damage, Expectation } from './damage.ts'
import { makeHealthy } from './healthy.ts'
import type { Shape } from './shape.ts'
import { Workpiece } from './workpiece.ts'

const ANY: Expectation['verdict'] = ['consistent', 'leaks', 'corrupt', 'incomplete', 'not-qcow2']
const ENDS: Expectation['safe'] = ['consistent', 'leaks', 'corrupt', 'incomplete']

/**
 * Several damages in one image, as users' images have them. What is expected of a single one (its findings, how it ends)
 * says nothing then; what must hold for all of them does: no wrong data, no loss, and an undo to the byte.
 *
 * @returns undefined where one of the damages doesn't fit the shape, or what an earlier one left
 */
export async function combine(shape: Shape, damages: Iterable<Damage>): Promise<Case | undefined> {
  const work = new Workpiece(await makeHealthy(shape))
  const names: string[] = []
  const gone: (string | undefined)[] = []
  for (const damage of damages) {
    let expect: Expectation | undefined
    try {
      expect = damage.inflict(work)
    } catch {
      // Of a file that is cut off already nothing is left to be damaged there.
    }
    if (expect === undefined || expect.undetectable || expect.extra !== undefined) return undefined
    names.push(damage.name)
    gone.push(...(expect.gone ?? []))
  }
  const name = `${shape.name}/${names.join(' + ')}`
  const expect: Expectation = { findings: [], verdict: ANY, safe: ENDS, gone, several: true }
  const damage = { name, row: 0, story: name, inflict: () => expect }
  return { name, healthy: work.healthy, damage, bytes: work.bytes, expect }
}
