import { afterAll, describe, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { openFileSource } from '../../src/source/index.ts'
import { type Case, KINDS, type Kind } from './blockers/case.ts'
import { CASES } from './blockers/cases.ts'
import { qemuRefusal, Workshop } from './qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

async function opened(path: string) {
  const source = openFileSource(path)
  try {
    return await openImage(source)
  } finally {
    source.close()
  }
}

function edited({ kind, edit }: Case): Uint8Array {
  const bytes = workshop.make(kind, KINDS[kind].commands)
  return edit(bytes) ?? bytes
}

/**
 * QEMU opens an image for reading if every blocker is readable, for writing if there is none; what it says is the first.
 */
describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('%s', (kind) => {
  test.each(CASES.filter((one) => one.kind === kind))('$name', async (one) => {
    const { options = [] }: Kind = KINDS[kind]
    const path = workshop.write('case.qcow2', edited(one))
    const { blockers, findings } = await opened(path)
    const first = { read: blockers.find(({ readable }) => !readable), write: blockers[0] }
    for (const mode of ['read', 'write'] as const) {
      const refusal = qemuRefusal(path, mode, options)
      if (refusal === undefined) expect(first[mode], `${mode}: QEMU opens it`).toBeUndefined()
      else expect(refusal, `${mode}: what QEMU says`).toContain(first[mode]?.message ?? 'no blocker')
    }
    // A torn entry has its own code here, whatever QEMU reads out of it.
    const found = findings.map(({ code }) => code.replace(/^snapshot-.*/, 'snapshot'))
    expect(found).toEqual(
      expect.arrayContaining(blockers.map(({ code }) => code.replace(/^snapshot-.*/, 'snapshot'))),
    )
    expect(blockers.map(({ code }) => code).slice(0, 1)).toEqual(one.code === undefined ? [] : [one.code])
  })
})
