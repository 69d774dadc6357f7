import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { qcow2Check } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { healthy } from './images.ts'

const scratch = new Scratch('qcow2-plan-file')
afterAll(() => scratch[Symbol.dispose]())

test.each([
  ['a new one', 0o600, undefined, 0o600],
  ['one that all could read', 0o600, 0o644, 0o600],
  ['one that nobody may write', 0o640, 0o444, 0o400],
] as const)('a plan is as private as its image: %s', async (_, mode, before, after) => {
  const image = await healthy(scratch.path, `${after}.qcow2`)
  chmodSync(image, mode)
  const plan = scratch.file(`${after}-${before}.json`)
  if (before !== undefined) {
    writeFileSync(plan, 'a plan of yesterday')
    chmodSync(plan, before)
  }
  expect(qcow2Check(['plan', image, '-o', plan])).toMatchObject({ status: 0 })
  expect(statSync(plan).mode & 0o777).toBe(after)
})
