import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mergeByCommand, mergeInProcess, mergeNaively } from '../test/oracle/live-merges.ts'
import { liveRound, type MergeOnce, passes } from '../test/oracle/live-round.ts'

/*
 * tsx soak/live-rounds.ts [--rounds N] [--dir FOLDER] [--shape plain|many] in-process | naive | -- COMMAND [ARGUMENT ...]
 * Rounds as docs/live-files.md describes them, one line a round; exit 1 if one fails. OLD, NEW and --json are
 * appended to the command.
 */
const MANY = [
  'DS:a:GAUGE:120:U:U',
  'DS:b:COUNTER:120:0:U',
  ...['AVERAGE', 'MAX', 'MIN'].flatMap((cf) => [1, 5, 30].map((n) => `RRA:${cf}:0.5:${n}:${24_000 / n}`)),
]

const args = process.argv.slice(2)
const option = (name: string, otherwise: string): string => {
  const at = args.indexOf(name)
  return at < 0 ? otherwise : (args.splice(at, 2)[1] ?? otherwise)
}
const rounds = Number(option('--rounds', '6'))
const parent = option('--dir', tmpdir())
const shape = option('--shape', 'plain') === 'many' ? { shape: MANY } : {}

const merge: MergeOnce =
  args[0] === '--'
    ? mergeByCommand(args.slice(1))
    : args[0] === 'naive'
      ? mergeNaively
      : mergeInProcess('auto')

let failed = 0
for (let round = 1; round <= rounds; round += 1) {
  const folder = mkdtempSync(join(parent, 'live-round-'))
  try {
    const result = await liveRound(merge, { folder, ...shape })
    const verdict = passes(result) ? 'pass' : 'FAIL'
    failed += passes(result) ? 0 : 1
    process.stdout.write(
      `round ${round}: ${result.merges} merges, ${result.reported} reported, ${result.wrong} wrong cells, ` +
        `${result.refused} refused updates, ${Math.round(result.milliseconds)} ms: ${verdict}\n`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
process.exitCode = failed === 0 ? 0 : 1
