import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../../checks/run.ts'
import { withScratch } from '../../../checks/scratch.ts'

const CI_RUN = join(import.meta.dirname, '../../../../.ci/run')

/** Runs .ci/run in a repository whose `npm test` is `script`; gives its last line and how it ended. */
async function ciRun(script: string) {
  return withScratch('ci', async (top) => {
    mkdirSync(join(top, '.ci'))
    cpSync(CI_RUN, join(top, '.ci/run'))
    writeFileSync(join(top, 'package.json'), JSON.stringify({ private: true, scripts: { test: script } }))
    const { status, stdout } = await run(join(top, '.ci/run'), [], { cwd: '/' })
    return { status, last: stdout.trimEnd().split('\n').at(-1) }
  })
}

test.each([
  ['a pass', 'echo "5 passed, 0 failed" > "$TEST_COUNTS"', 0, '5 passed, 0 failed'],
  ['failed tests', 'echo "4 passed, 1 failed" > "$TEST_COUNTS"; exit 1', 1, '4 passed, 1 failed'],
  [
    'a failure that nothing counted',
    'echo "5 passed, 0 failed" > "$TEST_COUNTS"; exit 3',
    3,
    '5 passed, 1 failed',
  ],
  ['an end before the tests', 'exit 2', 2, '0 passed, 1 failed'],
  ['a pass without any test', 'true', 1, '0 passed, 1 failed'],
  ['a line that only looks like it', 'echo "9 passed, 0 failed"; exit 1', 1, '0 passed, 1 failed'],
])('%s', async (_, script, status, last) => {
  expect(await ciRun(script)).toEqual({ status, last })
})
