import { writeFileSync } from 'node:fs'
import { casesOf, everyCaseOf } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { Scratch } from '../support/scratch.ts'
import { runDamage } from './group.ts'
import { repairedByQemu } from './rival.ts'
import type { Outcome } from './run-case.ts'
import { lastPhase, totalsOf, totalsPage } from './totals.ts'

/**
 * The corpus repaired by us and by `qemu-img check -r all`, side by side: `tsx test/oracle/compare.ts [--every] [PAGE.md]`.
 * With `--every` each damage is done to all shapes that it fits. Takes some minutes, or an hour.
 */
async function main(args: readonly string[]): Promise<void> {
  const cases = args.includes('--every') ? everyCaseOf : casesOf
  const page = args.find((arg) => !arg.startsWith('--'))
  using scratch = new Scratch('qcow2-compare')
  const [ours, theirs]: [Outcome[], Outcome[]] = [[], []]
  for (const damage of DAMAGES) {
    ours.push(...(await runDamage(damage, scratch, cases)))
    for (const one of await cases(damage)) theirs.push(await repairedByQemu(one, scratch.file('rival')))
    process.stderr.write(`\r${ours.length} images`)
  }
  const text = `${comparison(detectable(ours), detectable(theirs))}\n${totalsPage(detectable(ours))}`
  if (page === undefined) console.log(text)
  else writeFileSync(page, text)
}

const detectable = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.filter(({ undetectable }) => !undetectable)

function comparison(ours: readonly Outcome[], theirs: readonly Outcome[]): string {
  const [own, qemu] = [totalsOf(ours), totalsOf(theirs)]
  const rows: [string, number, number][] = [
    ['images', own.images, qemu.images],
    ['consistent', own.consistent, qemu.consistent],
    ['of these with wrong data or phantom snapshots', spoilt(ours), spoilt(theirs)],
    ['images that lost data which was in the file', own.lostData, qemu.lostData],
    ['clusters with data overwritten or punched', own.clustersDestroyed, qemu.clustersDestroyed],
    ['snapshots lost', snapshotsLost(ours), snapshotsLost(theirs)],
  ]
  return [
    '| | qcow2-check | qemu-img check -r all |',
    '| --- | ---: | ---: |',
    ...rows.map(([what, one, other]) => `| ${what} | ${one} | ${other} |`),
    '',
  ].join('\n')
}

const spoilt = (outcomes: readonly Outcome[]): number =>
  outcomes.filter((outcome) => {
    const phase = lastPhase(outcome)
    const wrong = Object.values(phase?.fates ?? {}).some(
      (fate) => fate !== 'whole' && fate !== 'holed' && fate !== 'missing',
    )
    return phase?.ending === 'consistent' && (wrong || phase.phantoms.length > 0)
  }).length

const snapshotsLost = (outcomes: readonly Outcome[]): number =>
  outcomes.reduce((sum, outcome) => {
    const fates = Object.entries(lastPhase(outcome)?.fates ?? {})
    return sum + fates.filter(([id, fate]) => id !== '' && fate !== 'whole' && fate !== 'holed').length
  }, 0)

await main(process.argv.slice(2))
