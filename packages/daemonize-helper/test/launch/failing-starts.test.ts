import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Home, run } from '../support/home.ts'

/** What there is to be started, by the names in the table. */
function programs(home: Home): Readonly<Record<string, string>> {
  const make = (name: string, text: string, mode = 0o755): string => {
    writeFileSync(home.file(name), text)
    chmodSync(home.file(name), mode)
    return home.file(name)
  }
  return {
    missing: home.file('missing'),
    unmarked: make('unmarked', '#!/bin/sh\n', 0o644),
    interpreterless: make('interpreterless', '#!/no/such/interpreter\n'),
    folder: home.path,
    sh: '/bin/sh',
  }
}

interface Case {
  readonly what: string
  readonly command: readonly string[]
  readonly status: number
  readonly code: string
  readonly told: RegExp
}

const cases: readonly Case[] = [
  { what: 'no such file', command: ['missing'], status: 127, code: 'NOT_FOUND', told: /no such file/ },
  {
    what: 'not in PATH',
    command: ['no-such-command-at-all'],
    status: 127,
    code: 'NOT_FOUND',
    told: /not found in/,
  },
  { what: 'an empty name', command: [''], status: 2, code: 'USAGE', told: /--name/ },
  {
    what: 'not marked executable',
    command: ['unmarked'],
    status: 126,
    code: 'NOT_EXECUTABLE',
    told: /permission denied|not executable/,
  },
  { what: 'a folder', command: ['folder'], status: 126, code: 'NOT_EXECUTABLE', told: /not a regular file/ },
  {
    what: 'a bad interpreter',
    command: ['interpreterless'],
    status: 127,
    code: 'NOT_FOUND',
    told: /interpreter/,
  },
  { what: 'exit 3', command: ['sh', '-c', 'exit 3'], status: 3, code: 'EXITED', told: /ended with 3/ },
  {
    what: 'exit 127 of its own',
    command: ['sh', '-c', 'exit 127'],
    status: 127,
    code: 'EXITED',
    told: /ended with 127/,
  },
  { what: 'exit 0', command: ['sh', '-c', 'exit 0'], status: 1, code: 'EXITED', told: /foreground/ },
  { what: 'killed', command: ['sh', '-c', 'kill -9 $$'], status: 137, code: 'EXITED', told: /signal 9/ },
  {
    what: 'a moment later',
    command: ['sh', '-c', 'sleep 0.1; exit 9'],
    status: 9,
    code: 'EXITED',
    told: /ended with 9/,
  },
]

describe('a start that fails says why, and leaves nothing', () => {
  it.each(cases)('$what: $status', async ({ command, status, code, told }) => {
    await using home = new Home()
    const [first = '', ...rest] = command
    const program = programs(home)[first] ?? first
    const ran = await home.tool('start', ['--json', '--', program, ...rest])
    expect(ran.status).toBe(status)
    expect(ran.stderr).toMatch(told)
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 'daemonize-helper/start@1', error: { code } })
    const left = existsSync(home.state) ? readdirSync(home.state) : []
    expect(left.filter((file) => !file.endsWith('.lock'))).toEqual([])
  })

  it('shows what the command said', async () => {
    await using home = new Home()
    const log = home.file('log')
    const ran = await home.tool('start', [
      '--stderr',
      log,
      '--',
      'sh',
      '-c',
      'echo "no such port \u001b[31m" >&2; exit 1',
    ])
    expect(ran.status).toBe(1)
    expect(ran.stderr).toContain('no such port')
    expect(ran.stderr).not.toContain('\u001b')
  })

  it('takes its children along when it is not settled', async () => {
    await using home = new Home()
    const mark = `${process.pid}.5`
    const ran = await home.tool('start', ['--', 'sh', '-c', `sleep ${mark} & sleep ${mark} & exit 4`])
    expect(ran.status).toBe(4)
    const { stdout } = await home.tool('list', ['--json'])
    expect(JSON.parse(stdout).daemons).toEqual([])
    expect(await sleepersOf(mark)).toBe(0)
  })
})

async function sleepersOf(mark: string): Promise<number> {
  const { stdout } = await run('pgrep', ['-fc', `^sleep ${mark}`])
  return Number(stdout)
}
