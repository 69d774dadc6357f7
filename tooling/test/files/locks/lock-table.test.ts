import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasWriter, type LockState, LockTable } from '../../../src/files/index.ts'
import { scratch } from '../support.ts'
import { hold, lockFile } from './locker.ts'

function lockable(): { file: string; table: LockTable; state: () => LockState } {
  const file = path.join(scratch(), 'file')
  fs.writeFileSync(file, 'x'.repeat(10_000))
  const fd = fs.openSync(file, 'r')
  onTestFinished(() => fs.closeSync(fd))
  const table = new LockTable()
  const target = table.target(fd, file)
  return { file, table, state: () => table.state(target) }
}

describe('lock state of a file', () => {
  it('nobody holds a lock', () => {
    expect(lockable().state()).toEqual({ state: 'free' })
  })

  it.each([
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

  it('a BSD lock is none: it does not conflict with the others', async () => {
    const { file, state } = lockable()
    const holder = await hold('flock', [file, 'sh', '-c', 'echo held; read -r end'])
    expect(state()).toEqual({ state: 'free' })
    await holder.release()
  })

  it('a lock behind several pages of others is found', async () => {
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

  it('a look begun in advance does not disturb the next one', async () => {
    const { file, table, state } = lockable()
    const locker = await lockFile(file, 'posix', 'write')
    table.prepare()
    expect(hasWriter(state())).toBe(true)
    await locker.release()
    expect(state()).toEqual({ state: 'free' })
  })
})
