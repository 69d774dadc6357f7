import { existsSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { putTree, scratch } from '../support/tree.ts'

/** NEW has a link and a file where OLD has folders. */
function trees(): string {
  const folder = scratch()
  putTree(folder, {
    'old/host/load.rrd': wholeFile(),
    'old/moved/deep/load.rrd': wholeFile(),
    'old/flat/load.rrd': wholeFile(),
    'old/gone/load.rrd': wholeFile(),
    'new/host/load.rrd': holed(),
    'new/flat': 'a file',
    'elsewhere/other.rrd': wholeFile(),
  })
  symlinkSync('../elsewhere', join(folder, 'new/moved'))
  return folder
}

describe('a file that only OLD has, below what is no folder in NEW', () => {
  it.each([[[]], [['--follow-symlinks']], [['--jobs', '2']]])(
    'is left, and a dry run says the same %j',
    (options) => {
      const cwd = trees()
      const outcome = (dry: readonly string[]) => {
        const { status, files } = mergeJson([...options, ...dry, 'old', 'new'], { cwd })
        return { status, files: files.map(({ path, status, error }) => [path, status, error?.code]) }
      }
      const planned = outcome(['-n'])
      expect(planned.status).toBe(1)
      expect(planned.files).toEqual(
        expect.arrayContaining([
          ['flat/load.rrd', 'failed', 'EMISMATCH'],
          ['gone/load.rrd', 'copied', undefined],
          ['host/load.rrd', 'merged', undefined],
          ['moved/deep/load.rrd', 'skipped', undefined],
        ]),
      )
      expect(outcome([])).toEqual(planned)
      expect(readdirSync(join(cwd, 'elsewhere'))).toEqual(['other.rrd'])
    },
  )

  it('is copied to OUT, where nothing is in the way', () => {
    const cwd = trees()
    expect(mergeJson(['old', 'new', '-o', 'out'], { cwd }).status).toBe(0)
    expect(existsSync(join(cwd, 'out/moved/deep/load.rrd'))).toBe(true)
    expect(existsSync(join(cwd, 'out/flat/load.rrd'))).toBe(true)
  })
})
