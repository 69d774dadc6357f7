import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { open } from '../../src/library/open.ts'
import { nextSteps } from '../../src/report/next-steps.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-steps')
afterAll(() => scratch[Symbol.dispose]())

test('nothing but the backing file is missing: no repair and no rescue brings it back', async () => {
  const [path, base] = [scratch.file('top'), scratch.file('base')]
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', base, '64M'])
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', base, '-F', 'qcow2', path])
  rmSync(base)
  const image = await open(path, { chain: true })
  expect(nextSteps(path, await survey(image))).toEqual([
    'Bring the backing file back, or check without --chain.',
  ])
  image.close()
})
