import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { damaged, healthy, listing } from '../commands/images.ts'
import { qcow2Check } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-contradictions')
beforeAll(async () => {
  await healthy(scratch.path, 'a.qcow2')
  await damaged(scratch.path, 'refcount/zero-l2', 'b.qcow2')
  writeFileSync(scratch.file('plan.json'), '{}')
  mkdirSync(scratch.file('folder'))
})
afterAll(() => scratch[Symbol.dispose]())

/** What can't be meant, and a word of what is said. */
it.each([
  ['check --json --ndjson a.qcow2', /--ndjson and --json contradict/],
  ['check --undo-file u a.qcow2', /--undo-file is for -r/],
  ['check --assume-offline a.qcow2', /--assume-offline is for -r/],
  ['check -r all --undo-file u a.qcow2 b.qcow2', /one --undo-file for several images/],
  ['check -r all --chain b.qcow2', /--chain and -r contradict/],
  ['check -r all --data-file a.qcow2 b.qcow2', /--data-file and -r contradict/],
  ['check --data-file x a.qcow2 b.qcow2', /one --data-file for several images/],
  ['check --allow-path folder a.qcow2', /--allow-path is for --chain/],
  ['info --allow-path folder a.qcow2', /--allow-path is for --chain/],
  ['rescue --allow-path folder a.qcow2 -O raw -o x', /--allow-path is for --chain/],
  ['plan b.qcow2 -o b.qcow2', /b.qcow2 is an input itself/],
  ['plan b.qcow2 -o folder', /folder is a folder/],
  ['repair b.qcow2 --plan plan.json --undo-file plan.json', /name the same file/],
  ['repair b.qcow2 --reflink b.qcow2', /b.qcow2 is an input itself/],
  ['rescue b.qcow2 -O raw -o b.qcow2 --force', /b.qcow2 is an input itself/],
  ['rescue b.qcow2 -O raw -o x --map ./x', /x is the file of -o itself/],
  ['rescue b.qcow2 -O raw -o folder --force', /folder is a folder/],
  ['rescue b.qcow2 -O raw -o x --snapshot orphan:0', /orphans have numbers from 1/],
  ['undo b.qcow2 nosuch', /no such file: nosuch/],
  ['check folder', /folder is a folder/],
])('%s is a usage error, and nothing is written', (line, said) => {
  const before = listing(scratch.path)
  const { status, stderr, stdout } = qcow2Check(line.split(' '), { cwd: scratch.path })
  expect({ status, stderr }).toEqual({ status: 64, stderr: expect.stringMatching(said) })
  if (!line.includes('--json')) expect(stdout).toBe('')
  expect(listing(scratch.path)).toEqual(before)
})
