import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { LockTable, takeLock } from '../../../src/files/index.ts'
import { run, scratch } from '../support.ts'
import { lockFile } from './locker.ts'

const searched = process.env.PATH
afterEach(() => {
  process.env.PATH = searched
})

function image(): { file: string; fd: number } {
  const file = path.join(scratch(), 'a.qcow2')
  run('qemu-img', ['create', '-q', '-f', 'qcow2', file, '1M'])
  const fd = fs.openSync(file, 'r+')
  onTestFinished(() => fs.closeSync(fd))
  return { file, fd }
}

/** A folder with nothing but these programs, to be searched instead of PATH. */
function only(...programs: string[]): string {
  const folder = scratch()
  for (const program of programs) {
    const { stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' })
    const wrapper = `#!/bin/sh\nPATH=${searched} exec ${stdout.trim()} "$@"\n`
    fs.writeFileSync(path.join(folder, program), wrapper, { mode: 0o755 })
  }
  return folder
}

describe.each(['perl', 'python3'])('a lock taken with %s', (program) => {
  it('keeps QEMU out, readers too, until the descriptor is closed', () => {
    const { file } = image()
    const fd = fs.openSync(file, 'r+')
    process.env.PATH = only(program)
    expect(takeLock(fd)).toBe('held')
    process.env.PATH = searched
    const table = new LockTable()
    expect(table.state(table.target(fd, file))).toEqual({
      state: 'held',
      locks: [{ kind: 'ofd', access: 'write', pid: -1 }],
    })
    expect(run('qemu-io', ['-c', 'read 0 512', file]).stderr).toContain('Failed to')
    expect(run('qemu-img', ['snapshot', '-l', file]).stderr).toContain('lock')
    fs.closeSync(fd)
    expect(run('qemu-io', ['-c', 'read 0 512', file]).stdout).toContain('read 512/512')
  })

  it.each([
    ['posix', 'read'],
    ['ofd', 'write'],
  ] as const)('is not had against a %s lock to %s', async (kind, access) => {
    const { file, fd } = image()
    const holder = await lockFile(file, kind, access)
    process.env.PATH = only(program)
    expect(takeLock(fd)).toBe('conflict')
    await holder.release()
    expect(takeLock(fd)).toBe('held')
  })
})

it('no program that could take a lock', () => {
  const { fd } = image()
  process.env.PATH = only()
  expect(takeLock(fd)).toBe('unable')
})
