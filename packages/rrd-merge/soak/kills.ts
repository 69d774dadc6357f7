import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killInPlaceAtRandom } from '../test/faults/kill-in-place.ts'
import { killTreeAtRandom } from '../test/faults/kill-tree.ts'

/*
 * RRD_MERGE_CLI=dist/cli.cjs tsx soak/kills.ts tree|threads|in-place [ROUNDS] [SEED]: SIGKILL at random points, as the
 * tests of test/faults do it; ends with 1 at the first file that is neither as before nor as after.
 */
const [kind = 'tree', rounds = '1000', seed = `${Date.now() % 2 ** 32}`] = process.argv.slice(2)

const folder = mkdtempSync(join(tmpdir(), 'rrd-merge-kills-'))
const options = { rounds: Number(rounds), seed: Number(seed) }
try {
  const figures =
    kind === 'in-place'
      ? await killInPlaceAtRandom(folder, options)
      : kind === 'threads'
        ? (await killTreeAtRandom(folder, { ...options, files: 160, args: ['--jobs', '3'] })).figures
        : (await killTreeAtRandom(folder, { ...options, files: 40 })).figures
  const said = Object.entries(figures).map(([name, count]) => `${name} ${count}`)
  console.log(`SIGKILL, ${kind} (seed ${seed}): ${said.join(', ')}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
