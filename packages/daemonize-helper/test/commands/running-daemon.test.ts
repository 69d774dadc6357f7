import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Home } from '../support/home.ts'
import { eventually, isThere } from '../support/process.ts'

/** Writes down each signal that it gets, and ends by TERM. */
const LISTENER = [
  'sh',
  '-c',
  'for s in HUP USR1; do trap "echo $s" $s; done; trap "exit 0" TERM; echo up; while :; do sleep 0.05; done',
]

async function listening(home: Home, options: readonly string[] = []): Promise<Record<string, unknown>> {
  const log = ['--stdout', home.file('log')]
  return await home.json('start', [
    '--name',
    'n',
    ...log,
    '--ready',
    'log:^up$',
    ...options,
    '--',
    ...LISTENER,
  ])
}

describe('a daemon that runs', () => {
  it('gets signals', async () => {
    await using home = new Home()
    await listening(home)
    expect((await home.tool('signal', ['n', 'USR1', '-n'])).status).toBe(0)
    expect((await home.tool('signal', ['n', 'usr1'])).status).toBe(0)
    await eventually(() => home.read('log').includes('USR1'))
    expect((await home.tool('reload', ['n'])).status).toBe(0)
    await eventually(() => home.read('log').includes('HUP'))
    expect(home.read('log')).toBe('up\nUSR1\nHUP\n')
    expect((await home.tool('signal', ['n', 'NONSENSE'])).status).toBe(2)
    expect((await home.tool('signal', ['other', 'HUP'])).status).toBe(1)
  })

  it('is restarted as it was started', async () => {
    await using home = new Home()
    const pidFile = home.file('n.pid')
    const options = ['--env', 'A=1', '--cwd', home.path, '--pidfile', pidFile]
    const first = await listening(home, options)
    expect(home.read('n.pid')).toBe(`${first.pid}\n`)
    const again = await home.json('restart', ['n'])
    expect(again).toMatchObject({ state: 'running', command: LISTENER, ready: { by: 'log:^up$' } })
    expect(again.pid).not.toBe(first.pid)
    expect(isThere(first.pid as number)).toBe(false)
    expect(home.read('n.pid')).toBe(`${again.pid}\n`)
    expect(home.read('log')).toBe('up\nup\n')
    await home.tool('stop', ['n'])
    expect(existsSync(pidFile)).toBe(false)
    expect((await home.tool('restart', ['n'])).status).toBe(1)
  })

  it('is not ended by a restart that could not start it', async () => {
    await using home = new Home()
    const program = home.file('program')
    writeFileSync(program, '#!/bin/sh\nexec sleep 300\n', { mode: 0o755 })
    const { pid } = await home.json('start', ['--name', 'n', '--', program])
    writeFileSync(`${program}.new`, '')
    renameSync(`${program}.new`, program)
    expect((await home.tool('restart', ['n'])).status).toBe(126)
    expect(isThere(pid as number)).toBe(true)
  })

  it('is waited for', async () => {
    await using home = new Home()
    const { pid } = await listening(home)
    expect((await home.tool('wait', ['n', '--timeout', '200ms'])).status).toBe(1)
    const waiting = home.tool('wait', ['n'])
    process.kill(pid as number, 'SIGTERM')
    expect(await waiting).toMatchObject({ status: 0, stdout: 'n: has ended\n' })
  })

  it('whose number was given away is a stranger: no signal, no stop', async () => {
    await using home = new Home()
    await listening(home)
    await home.tool('stop', ['n'])
    // A record that is whole, of this boot, and names the pid of this very process with another start time.
    await listening(home)
    const record = JSON.parse(home.read('state/n.json'))
    const { pid } = record.identity
    writeFileSync(
      home.file('state/n.json'),
      JSON.stringify({ ...record, identity: { ...record.identity, pid: process.pid } }),
    )
    expect((await home.tool('status', ['n'])).status).toBe(1)
    expect((await home.tool('signal', ['n', 'KILL'])).status).toBe(1)
    // What is its own by its mark it still ends.
    expect((await home.tool('stop', ['n'])).status).toBe(0)
    expect(isThere(pid)).toBe(false)
  })
})
