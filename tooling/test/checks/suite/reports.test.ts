import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { withScratch } from '../../../checks/scratch.ts'
import { readReports, removeReports } from '../../../checks/suite/reports.ts'

const TOOLING = join(import.meta.dirname, '../../..')

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

test('counts what vitest really ran, and nothing left by an earlier run', async () => {
  await withScratch('reports', async (top) => {
    const tool = join(top, 'packages/one')
    write(join(tool, 'package.json'), '{ "name": "one", "scripts": { "test": "vitest run" } }')
    write(join(top, 'packages/untested/package.json'), '{ "name": "untested" }')
    symlinkSync(join(TOOLING, 'node_modules'), join(tool, 'node_modules'))
    write(
      join(tool, 'test/a.test.ts'),
      "import { expect, test } from 'vitest'\ntest('a', () => expect(1).toBe(1))\n",
    )
    write(join(tool, 'test/b.test.ts'), "throw new Error('before any test')\n")
    write(
      join(tool, 'test/c.test.ts'),
      "import { expect, test } from 'vitest'\ntest('c', () => expect(1).toBe(2))\n",
    )
    expect(readReports(top)).toEqual([{ name: 'one', passed: 0, failed: 1, missing: true, failures: [] }])

    const config = ['--reporter=json', '--outputFile.json=reports/vitest.json', '--root', tool]
    const vitest = [join(TOOLING, 'node_modules/.bin/vitest'), 'run', ...config] as const
    expect(() => execFileSync(vitest[0], vitest.slice(1), { cwd: tool, stdio: 'ignore' })).toThrow()
    expect(readReports(top)).toMatchObject([{ name: 'one', passed: 1, failed: 2 }])
    const failures = readReports(top)[0]?.failures.join('\n')
    expect(failures).toContain(`${join(tool, 'test/b.test.ts')}: before any test`)
    expect(failures).toContain(`${join(tool, 'test/c.test.ts')}: c: AssertionError: expected 1 to be 2`)

    removeReports(top)
    expect(readReports(top)).toEqual([{ name: 'one', passed: 0, failed: 1, missing: true, failures: [] }])
  })
})
