import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Home } from '../support/home.ts'

const commands: readonly {
  readonly what: string
  readonly args: readonly string[]
  readonly line: string
}[] = [
  { what: 'plain words', args: ['300'], line: 'ExecStart=/usr/bin/sleep 300' },
  {
    what: 'blanks and quotes',
    args: ['a b', 'say "hi"', "it's"],
    line: `ExecStart=/usr/bin/sleep "a b" "say \\"hi\\"" "it's"`,
  },
  {
    what: 'what systemd would expand',
    args: ['100%', '$HOME', '%n'],
    line: 'ExecStart=/usr/bin/sleep 100%% "$$HOME" %%n',
  },
  {
    what: 'what would part commands',
    args: [';', '\\', 'a\nb'],
    line: 'ExecStart=/usr/bin/sleep ";" "\\\\" "a\\nb"',
  },
  { what: 'an empty word', args: [''], line: 'ExecStart=/usr/bin/sleep ""' },
]

describe('export systemd', () => {
  it.each(commands)('$what, accepted by systemd-analyze', async ({ args, line }) => {
    await using home = new Home()
    const options = [
      '--name',
      'web',
      '--env',
      'KEY=va lue%',
      '--stdout',
      home.file('o%.log'),
      '--cwd',
      '/tmp',
    ]
    const { status, stdout } = await home.tool('export', ['systemd', ...options, '--', 'sleep', ...args])
    expect(status).toBe(0)
    expect(stdout.split('\n')).toContain(line)
    expect(stdout).toContain('Environment="KEY=va lue%%"')
    writeFileSync(home.file('web.service'), stdout)
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', home.file('web.service')], {
      encoding: 'utf8',
    })
    expect({ status: verified.status, said: verified.stderr + verified.stdout }).toEqual({
      status: 0,
      said: '',
    })
  })

  it('of a daemon on record, and of none', async () => {
    await using home = new Home()
    await home.json('start', ['--name', 'web', '--umask', '077', '--', 'sleep', '300'])
    const { stdout } = await home.tool('export', ['systemd', 'web'])
    expect(stdout).toContain('UMask=0077\n')
    expect(stdout).toContain('ExecStart=/usr/bin/sleep 300\n')
    expect((await home.tool('export', ['systemd', 'other'])).status).toBe(1)
    expect((await home.tool('export', ['systemd'])).status).toBe(2)
    expect((await home.tool('export', ['upstart', 'web'])).status).toBe(2)
  })
})
