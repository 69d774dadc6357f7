import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { type KillFigures, killRepairs } from '../test/faults/kill-repair.ts'

const { seed, goesOn } = beginPart()
// On a disk, where flushes take time.
const folder = mkdtempSync(join(tmpdir(), 'qcow2-soak-kills-'))
const sums: Partial<KillFigures> = {}
const failures: string[] = []
try {
  for (let round = 0; goesOn() && failures.length === 0; round++) {
    const figures = await killRepairs(folder, { rounds: 15, seed: `${seed}/${round}` })
    for (const [name, value] of Object.entries(figures) as [keyof KillFigures, number][])
      sums[name] = (sums[name] ?? 0) + value
  }
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
endPart(sums, failures)
