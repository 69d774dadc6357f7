import type { Phase } from './phase.ts'
import type { Outcome } from './run-case.ts'

/** What the issue asks about the corpus as a whole. */
export interface Totals {
  readonly images: number
  /** After a repair without consent. */
  readonly consistentSafe: number
  /** After one more, with the classes that the plan names. */
  readonly consistent: number
  readonly consistentWithWrongData: number
  /** Consistent, and clusters with data are not reached any more, or such are declared free. */
  readonly lostData: number
  /** Clusters with data that a repair overwrote or punched. */
  readonly clustersDestroyed: number
  readonly phantomSnapshots: number
}

const WRONG = ['wrong', 'told', 'as-damaged', 'given-up', 'unreadable']

export const lastPhase = ({ safe, allowed }: Outcome): Phase | undefined => allowed ?? safe

export function totalsOf(outcomes: readonly Outcome[]): Totals {
  const last = outcomes.map(lastPhase)
  const consistent = last.filter((phase) => phase?.ending === 'consistent')
  const phases = outcomes.flatMap(({ safe, allowed }) =>
    [safe, allowed].filter((phase) => phase !== undefined),
  )
  return {
    images: outcomes.length,
    consistentSafe: outcomes.filter(({ safe }) => safe?.ending === 'consistent').length,
    consistent: consistent.length,
    consistentWithWrongData: consistent.filter((phase) =>
      Object.values(phase?.fates ?? {}).some((fate) => WRONG.includes(fate)),
    ).length,
    lostData: last.filter((phase) => (phase?.lost ?? 0) + (phase?.freed ?? 0) > 0).length,
    clustersDestroyed: phases.reduce((sum, { destroyed }) => sum + destroyed, 0),
    phantomSnapshots: consistent.reduce((sum, phase) => sum + (phase?.phantoms.length ?? 0), 0),
  }
}

/** The corpus at a glance: one line a damage, and the totals. */
export function totalsPage(outcomes: readonly Outcome[]): string {
  const totals = totalsOf(outcomes)
  const share = ((100 * totals.consistent) / totals.images).toFixed(1)
  const damages = groupedByDamage(outcomes)
  const lines = [...damages].map(([damage, group]) => {
    const sum = totalsOf(group)
    const codes = [...new Set(group.flatMap((outcome) => outcome.codes))].join(' ')
    return `| ${group[0]?.row} | ${damage} | ${sum.images} | ${sum.consistentSafe} | ${sum.consistent} | ${codes} |`
  })
  return [
    `${totals.images} damaged images: ${totals.consistentSafe} consistent after a repair, ${totals.consistent} (${share} %) after`,
    `one more with the classes that the plan names; ${totals.consistentWithWrongData} of them with wrong data,`,
    `${totals.lostData} that lost data, ${totals.clustersDestroyed} clusters with data destroyed.`,
    '',
    '| row | damage | images | after repair | with consent | findings |',
    '| ---: | --- | ---: | ---: | ---: | --- |',
    ...lines,
    '',
  ].join('\n')
}

function groupedByDamage(outcomes: readonly Outcome[]): Map<string, Outcome[]> {
  const groups = new Map<string, Outcome[]>()
  for (const outcome of outcomes) {
    const damage = outcome.name.slice(outcome.name.indexOf('/') + 1)
    groups.set(damage, [...(groups.get(damage) ?? []), outcome])
  }
  return groups
}
