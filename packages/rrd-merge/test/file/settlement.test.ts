import { FileError, type Folder, resolveFolder } from '@nightshift/tooling/files'
import { expect, test } from 'vitest'
import { fileReport } from '../../src/file/pair-report.ts'
import { type PairEnd, Settlement } from '../../src/file/settlement.ts'
import type { Durability } from '../../src/file/stage.ts'
import type { FileReport } from '../../src/report/types.ts'
import { scratch } from '../support/tree.ts'

/** A real folder that notes when it is synced, and can't be where that is asked for. */
function watched(name: string, synced: string[], failing = false): Folder {
  const folder = resolveFolder(scratch())
  const sync = folder.syncAside.bind(folder)
  folder.syncAside = async () => {
    await sync()
    synced.push(name)
    if (failing) throw new FileError('io', name, 'cannot sync the folder')
  }
  return folder
}

function settling(settlement: Settlement, folder: Folder, events: string[]): FileReport[] {
  const reports: FileReport[] = []
  const report = fileReport({ path: 'a.rrd', status: 'merged', since: 0 })
  const end: PairEnd = {
    deliver: (final) => {
      events.push('report')
      reports.push(final)
    },
  }
  settlement.renamedIn(folder)
  settlement.add({ pair: { report, settle: async () => report }, end, folder })
  return reports
}

const CASES: readonly (readonly [Durability, readonly string[]])[] = [
  ['each', ['parent', 'folder', 'report']],
  ['batch', ['parent', 'folder', 'report']],
  ['none', ['report']],
]

test.each(CASES)(
  '%s: a folder that was made is synced with its parent, before the report',
  async (durability, expected) => {
    const events: string[] = []
    const settlement = new Settlement(durability, 8, 8)
    settlement.madeIn(watched('parent', events))
    const reports = settling(settlement, watched('folder', events), events)
    await settlement.finish()
    expect(events.slice().sort()).toEqual(expected.slice().sort())
    expect(events.at(-1)).toBe('report')
    expect(reports.map(({ status }) => status)).toEqual(['merged'])
  },
)

test.each(['each', 'batch'] as const)(
  '%s: a parent that cannot be synced ends the run',
  async (durability) => {
    const events: string[] = []
    const settlement = new Settlement(durability, 8, 8)
    settlement.madeIn(watched('parent', events, true))
    settling(settlement, watched('folder', events), events)
    await expect(settlement.finish()).rejects.toMatchObject({ code: 'EWRITE' })
  },
)

test('each: a folder that cannot be synced fails its files, and no other', async () => {
  const events: string[] = []
  const settlement = new Settlement('each', 8, 8)
  const broken = settling(settlement, watched('folder', events, true), events)
  const whole = settling(settlement, watched('other', events), events)
  await settlement.finish()
  expect([broken, whole].map(([report]) => report?.status)).toEqual(['failed', 'merged'])
})
