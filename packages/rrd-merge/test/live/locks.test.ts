import { spawn } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hasWriter, LockTable } from '../../src/live/locks.ts'
import { lockFile, temporaryFolder } from './rrd-files.ts'

const lockable = (): { file: string; table: LockTable; state: () => ReturnType<LockTable['state']> } => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, 'x'.repeat(10_000))
  const fd = openSync(file, 'r')
  onTestFinished(() => closeSync(fd))
  const table = new LockTable()
  const target = table.target(fd, file)
  return { file, table, state: () => table.state(target) }
}

describe('lock state of a file', () => {
  test('nobody holds a lock', () => {
    expect(lockable().state()).toEqual({ state: 'free' })
  })

  test.each([
    ['posix', 'write'],
    ['posix', 'read'],
    ['ofd', 'write'],
    ['ofd', 'read'],
  ] as const)('%s lock to %s is seen with its holder, and gone after', async (kind, access) => {
    const { file, state } = lockable()
    const locker = await lockFile(file, kind, access)
    const pid = kind === 'posix' ? locker.pid : -1
    expect(state()).toEqual({ state: 'held', locks: [{ kind, access, pid }] })
    expect(hasWriter(state())).toBe(access === 'write')
    await locker.release()
    expect(state()).toEqual({ state: 'free' })
  })

  test('a BSD lock is none: it does not conflict with what rrdtool takes', async () => {
    const { file, state } = lockable()
    const holder = spawn('flock', [file, 'sh', '-c', 'echo held; read -r end'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const ended = new Promise((done) => holder.once('close', done))
    await new Promise((held) => holder.stdout.once('data', held))
    expect(state()).toEqual({ state: 'free' })
    holder.stdin.end()
    await ended
  })

  test('a lock behind several pages of others is found', async () => {
    const { file, state } = lockable()
    const other = lockable()
    await lockFile(file, 'posix', 'write')
    // The table lists the latest lock of a processor first: these come before it.
    await lockFile(other.file, 'posix', 'write', 400)
    const held = state()
    expect(held.state === 'held' && held.locks).toHaveLength(1)
    const others = other.state()
    expect(others.state === 'held' && others.locks).toHaveLength(400)
  })

  test('a look begun in advance does not disturb the next one', async () => {
    const { file, table, state } = lockable()
    const locker = await lockFile(file, 'posix', 'write')
    table.prepare()
    expect(hasWriter(state())).toBe(true)
    await locker.release()
    expect(state()).toEqual({ state: 'free' })
  })
})
