import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { everyCaseOf } from '../test/corpus/cases.ts'
import { DAMAGES } from '../test/corpus/damages/index.ts'
import { runDamage } from '../test/oracle/group.ts'
import type { Outcome } from '../test/oracle/run-case.ts'
import { totalsOf } from '../test/oracle/totals.ts'
import { shuffled } from '../test/support/noise.ts'
import { Scratch } from '../test/support/scratch.ts'

const { seed, goesOn } = beginPart()
using scratch = new Scratch('qcow2-soak-corpus')
const outcomes: Outcome[] = []
let damages = 0
for (const damage of shuffled(DAMAGES, String(seed))) {
  if (!goesOn()) break
  outcomes.push(...(await runDamage(damage, scratch, everyCaseOf)))
  damages++
}
const detectable = outcomes.filter(({ undetectable }) => !undetectable)
const totals = totalsOf(detectable)
const { consistentWithWrongData, lostData, clustersDestroyed, phantomSnapshots } = totals
const failures = outcomes.flatMap(({ name, failures: own }) =>
  own
    .filter((failure) => /undo|was changed|wrong data|overwritten|freed|phantom/.test(failure))
    .map((failure) => `${name}: ${failure}`),
)
for (const [what, count] of Object.entries({
  consistentWithWrongData,
  lostData,
  clustersDestroyed,
  phantomSnapshots,
}))
  if (count > 0) failures.push(`${what}: ${count}`)
const short = outcomes.filter((outcome) => outcome.failures.length > 0).map(({ name }) => name)
endPart({ damages, of: DAMAGES.length, ...totals, short }, failures)
