import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { manPage } from '../../../../tooling/src/command-line/generate/index.ts'
import { rrdMerge } from '../support/cli.ts'
import { put, scratch } from '../support/tree.ts'

const COMMANDS = ['merge', 'info', 'coverage', 'diff', 'convert', 'check', 'dump', 'restore']

test.each([['--help'], ...COMMANDS.map((command) => [command, '--help'])])(
  '%s %s fits 80 columns',
  (...args) => {
    const { status, stdout, stderr } = rrdMerge(args.filter(Boolean), { env: { COLUMNS: '200' } })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(stdout).toContain('Exit codes:')
  },
)

test('every option in the help of merge has a word on what it does, and no doubled remark', () => {
  const { stdout } = rrdMerge(['merge', '--help'])
  const [, options = ''] = stdout.split('What is merged:')
  expect(options).not.toMatch(/\(repeatable\)|\) \(/)
  for (const time of ['2024-05-01T12:00', '@1714564800', 'now-2d', '6h']) expect(options).toContain(time)
})

test('man takes the man page without a warning, and shows every command', async () => {
  Object.assign(globalThis, { __VERSION__: '0.0.0' })
  const { tool } = await import('../../src/cli.ts')
  const file = join(scratch(), 'rrd-merge.1')
  put(file, manPage(tool))
  const shown = spawnSync('man', ['--warnings', '-l', file], {
    env: { PATH: process.env.PATH, MANWIDTH: '80', LC_ALL: 'C.UTF-8', MANPAGER: 'cat' },
    encoding: 'utf8',
  })
  expect([shown.status, shown.stderr]).toEqual([0, ''])
  for (const command of COMMANDS)
    expect(shown.stdout).toContain(`rrd-merge ${command}`.replace(' merge', ' [merge]'))
})
