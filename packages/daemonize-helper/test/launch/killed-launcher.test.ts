import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { cliPath, Home, run } from '../support/home.ts'
import { eventually } from '../support/process.ts'

/** How many daemons run that sleep for so long. */
async function running(seconds: string): Promise<number> {
  const { stdout } = await run('pgrep', ['-fx', `/usr/bin/sleep ${seconds}`])
  return stdout.split('\n').filter((line) => line !== '').length
}

/** Processes that have this number anywhere in their command line, as the leader has it. */
async function mentioning(seconds: string): Promise<number> {
  return Number((await run('pgrep', ['-fc', '--', `sleep ${seconds}`])).stdout)
}

/** What a start has left on disk so far, from its first trace to its last. */
const STEPS = {
  nothing: () => true,
  'a lock file': (files: Files) => files.lock !== undefined,
  'what is started': (files: Files) => (files.lock?.split('\n').length ?? 0) > 1,
  'the daemon': (files: Files) => (files.lock?.split('\n').length ?? 0) > 2,
  'a record': (files: Files) => files.record !== undefined,
} as const

interface Files {
  readonly lock: string | undefined
  readonly record: string | undefined
}

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

const cases = Object.keys(STEPS).flatMap((step) =>
  [0, 1, 3, 10].map((after) => ({ step: step as keyof typeof STEPS, after })),
)

describe('a launcher killed at any moment leaves nothing, or a daemon that is found, kept, and ended', () => {
  const outcomes = new Map<string, number>()

  it.each(cases)('$after ms after there was $step', async ({ step, after }) => {
    await using home = new Home()
    const seconds = `9${Object.keys(STEPS).indexOf(step)}${after}.${process.pid}`
    const words = ['--name', 'n', '--settle', '100ms', '--', 'sleep', seconds]
    const launcher = spawn(process.execPath, [cliPath(), 'start', '--state-dir', home.state, ...words], {
      stdio: 'ignore',
    })
    const files = (): Files => ({
      lock: textOf(`${home.state}/n.lock`),
      record: textOf(`${home.state}/n.json`),
    })
    while (!STEPS[step](files()) && launcher.exitCode === null) await nextTurn()
    await pause(after)
    launcher.kill('SIGKILL')
    if (launcher.exitCode === null && launcher.signalCode === null) await once(launcher, 'exit')
    // What the leader was told it finishes: it ends, or there is a daemon.
    await eventually(async () => (await mentioning(seconds)) === 0 || (await running(seconds)) === 1)
    const alive = await running(seconds)
    // 2: it had said that it was about to be the command, and could not tell its launcher any more.
    expect(alive === 1 ? [0] : [2, 3]).toContain((await home.tool('status', ['n'])).status)
    expect(await home.json('start', words)).toMatchObject({ already: alive === 1, state: 'running' })
    expect(await running(seconds)).toBe(1)
    // On record, and without a leader: as if its launcher had lived.
    expect(existsSync(`${home.state}/n.json`)).toBe(true)
    expect(await mentioning(seconds)).toBe(1)
    expect((await home.tool('stop', ['n'])).status).toBe(0)
    expect(await running(seconds)).toBe(0)
    const outcome = alive === 1 ? 'a daemon' : 'nothing'
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  })

  it('both were seen', () => {
    expect([...outcomes.keys()].sort()).toEqual(['a daemon', 'nothing'])
  })
})
