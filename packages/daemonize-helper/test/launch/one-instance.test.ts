import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Home, run } from '../support/home.ts'
import { isThere } from '../support/process.ts'

const SLEEP = ['--', 'sleep', '300'] as const

describe('one instance a name', () => {
  it('is started, found, left running, and ended', async () => {
    await using home = new Home()
    const begun = await home.json('start', ['--name', 'web', ...SLEEP])
    expect(begun).toMatchObject({ name: 'web', state: 'running', already: false, ready: { by: 'settle' } })
    const pid = begun.pid as number
    expect(isThere(pid)).toBe(true)
    expect(await home.json('start', ['--name', 'web', ...SLEEP])).toMatchObject({ pid, already: true })
    expect(await home.tool('status', ['web'])).toMatchObject({ status: 0 })
    expect((await home.tool('start', ['--name', 'web', '--fail-if-running', ...SLEEP])).status).toBe(1)
    const other = await home.tool('start', ['--name', 'web', '--json', '--', 'sleep', '301'])
    expect(other.status).toBe(1)
    expect(JSON.parse(other.stdout)).toMatchObject({ error: { code: 'NAME_IN_USE' } })
    expect(await home.json('stop', ['web'])).toMatchObject({ pid, state: 'stopped', already: false })
    expect(isThere(pid)).toBe(false)
    expect(await home.tool('status', ['web'])).toMatchObject({ status: 3 })
    expect(await home.tool('stop', ['web'])).toMatchObject({ status: 0 })
  })

  it('tells of one that died by itself', async () => {
    await using home = new Home()
    const { pid } = await home.json('start', ['--name', 'web', ...SLEEP])
    process.kill(pid as number, 'SIGKILL')
    expect(await home.tool('status', ['web'])).toMatchObject({ status: 1 })
    const again = await home.json('start', ['--name', 'web', ...SLEEP])
    expect(again).toMatchObject({ state: 'running', already: false })
    expect(again.pid).not.toBe(pid)
  })

  it('50 starters make one daemon, and all of them say so', async () => {
    await using home = new Home()
    const args = ['--name', 'web', '--settle', '50ms', ...SLEEP]
    const all = await Promise.all(Array.from({ length: 50 }, () => home.json('start', args)))
    const pids = new Set(all.map(({ pid }) => pid))
    expect([...pids]).toHaveLength(1)
    expect(all.filter(({ already }) => already === false)).toHaveLength(1)
    const [pid] = pids
    const { stdout } = await run('pgrep', ['-f', '-P', '1', '^/usr/bin/sleep 300'])
    expect(stdout.split('\n')).toContain(String(pid))
  })

  it('--truncate empties the log of what is started, and never of what runs already', async () => {
    await using home = new Home()
    const log = home.file('log')
    writeFileSync(log, 'of yesterday\n')
    const args = ['--name', 'n', '--truncate', '--stdout', log, '--ready', 'log:up', '--']
    const command = ['sh', '-c', 'echo up; exec sleep 300']
    expect(await home.json('start', [...args, ...command])).toMatchObject({ already: false })
    expect(home.read('log')).toBe('up\n')
    expect(await home.json('start', [...args, ...command])).toMatchObject({ already: true })
    expect(home.read('log')).toBe('up\n')
  })
})
