import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type ProcStat, parseProcStat, readProcStat } from '../../src/identity/index.ts'
import { Home } from '../support/home.ts'
import { eventually, isThere, observe } from '../support/process.ts'

const support = (name: string): string => fileURLToPath(new URL(`../support/${name}`, import.meta.url))
const STARTER = ['python3', support('hostile-starter.py')]
const PROBE = ['/bin/sh', support('probe.sh')]
const NONE = '0'.repeat(16)

/** What the probe was after it had opened the terminal, once it has become sleep(1). */
async function told(path: string): Promise<ProcStat> {
  await eventually(() => existsSync(path))
  const stat = parseProcStat(await readFile(path, 'latin1')) ?? expect.fail('no whole line')
  await eventually(async () => (await readFile(`/proc/${stat.pid}/comm`, 'latin1')) === 'sleep\n')
  return stat
}

/** A terminal that is nobody's; python keeps it there until it is killed. */
function freeTerminal(): Promise<{ readonly name: string; close(): void }> {
  const code = 'import os, pty, sys; m, s = pty.openpty(); print(os.ttyname(s), flush=True); sys.stdin.read()'
  const child = spawn('python3', ['-c', code], { stdio: ['pipe', 'pipe', 'inherit'] })
  return new Promise((resolve) =>
    child.stdout.once('data', (line) =>
      resolve({ name: String(line).trim(), close: () => child.kill('SIGKILL') }),
    ),
  )
}

describe('the steps of daemon(7), from a starter that left out every one', () => {
  it.each(['none', 'tty', 'leader'])('its terminal, its session: %s', async (how) => {
    await using home = new Home()
    const terminal = await freeTerminal()
    try {
      const began = await home.tool(
        'start',
        ['--name', 'probe', '--', ...PROBE, home.file('told'), terminal.name],
        { by: [...STARTER, how] },
      )
      expect(began).toMatchObject({ status: 0, stderr: '' })
      const { pid, sid, tty } = await told(home.file('told'))
      // No session's leader, and so without a terminal after opening one.
      expect(sid).not.toBe(pid)
      expect(tty).toBe(0)
      // The leader is gone: the daemon is the child of init, or of whoever reaps here.
      expect(isThere(sid)).toBe(false)
      expect(readProcStat(pid)?.ppid).not.toBe(sid)
      const { signals, umask, cwd, descriptors, environment } = await observe(pid)
      expect(signals).toEqual({ SigBlk: NONE, SigIgn: NONE, SigCgt: NONE })
      expect(umask).toBe('0022')
      expect(cwd).toBe('/')
      expect(descriptors).toEqual(['0 /dev/null', '1 /dev/null', '2 /dev/null'])
      expect(environment).toMatchObject({ KEPT: 'yes' })
      for (const name of ['TERM', 'SSH_CONNECTION', 'TMUX', 'NOTIFY_SOCKET']) {
        expect(environment).not.toHaveProperty(name)
      }
    } finally {
      terminal.close()
    }
  })

  it('a single fork does get the terminal: the proof can fail', async () => {
    await using home = new Home()
    const terminal = await freeTerminal()
    // setsid(1) makes a session's leader, and leaves it at that.
    const child = spawn('setsid', [...PROBE, home.file('told'), terminal.name], { stdio: 'ignore' })
    try {
      const { pid, sid, tty } = await told(home.file('told'))
      expect(sid).toBe(pid)
      expect(tty).not.toBe(0)
    } finally {
      child.kill('SIGKILL')
      terminal.close()
    }
  })
})
