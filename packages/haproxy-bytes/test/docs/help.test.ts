import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { manPage } from '../../../../tooling/src/command-line/generate/index.ts'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'

Object.assign(globalThis, { __VERSION__: '0.0.0' })
const { tool } = await import('../../src/cli.ts')
const COMMANDS = tool.commands.map(({ name }) => name)

test.each([['--help'], ...COMMANDS.map((command) => [command, '--help'])])(
  '%s %s fits 80 columns',
  (...args) => {
    const { status, stdout, stderr } = haproxyBytes(args.filter(Boolean), { env: { COLUMNS: '200' } })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(stdout).toContain('Exit codes:')
  },
)

test('man takes the man page without a warning, and shows every command', () => {
  using scratch = new Scratch('haproxy-bytes-man')
  const file = scratch.file('haproxy-bytes.1')
  writeFileSync(file, manPage(tool))
  const shown = spawnSync('man', ['--warnings', '-l', file], {
    env: { PATH: process.env.PATH, MANWIDTH: '80', LC_ALL: 'C.UTF-8', MANPAGER: 'cat' },
    encoding: 'utf8',
  })
  expect([shown.status, shown.stderr]).toEqual([0, ''])
  for (const command of COMMANDS)
    expect(shown.stdout).toContain(`haproxy-bytes ${command}`.replace(' total', ' [total]'))
})
