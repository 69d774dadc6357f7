import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { openArguments } from '../corpus/access.ts'
import { type Case, writeImage } from '../corpus/cases.ts'
import { qemuAsync } from '../support/qemu.ts'
import { Before } from './before.ts'
import { type Phase, phaseOf } from './phase.ts'
import type { Outcome } from './run-case.ts'

/** What `qemu-img check -r all` makes of a damaged image, judged as our own repairs are. */
export async function repairedByQemu(one: Case, folder: string): Promise<Outcome> {
  try {
    const path = writeImage(folder, one.bytes, one.healthy.companions)
    const args = ['check', '-r', 'all', ...openArguments(one.healthy.shape, path)]
    await qemuAsync('qemu-img', args, dirname(path))
    const safe: Phase = await phaseOf(one, path, new Before(one, folder), 'consistent')
    return {
      name: one.name,
      row: one.damage.row,
      codes: [],
      verdict: '',
      wanted: [],
      safe,
      undetectable: one.expect.undetectable === true,
      failures: [],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
