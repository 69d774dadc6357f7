import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findOpenDescriptors } from '../../../src/files/index.ts'
import { runAs, STRANGER, scratch } from '../support.ts'
import { hold, lockFile } from './locker.ts'

function opened(): { file: string; fd: number } {
  const file = path.join(scratch(), 'file')
  fs.writeFileSync(file, 'x')
  const fd = fs.openSync(file, 'r')
  onTestFinished(() => fs.closeSync(fd))
  return { file, fd }
}

const HOLD = { read: 'exec 3<"$1"', write: 'exec 3>>"$1"', both: 'exec 3<>"$1"' } as const

describe('descriptors of other processes', () => {
  it('none, and our own are not counted', () => {
    const { file, fd } = opened()
    const own = fs.openSync(file, 'r+')
    expect(findOpenDescriptors(fd)).toEqual({ found: [], unseen: [], blind: undefined })
    fs.closeSync(own)
  })

  it.each([
    ['read', 'read'],
    ['write', 'write'],
    ['both', 'write'],
  ] as const)('opened to %s', async (how, access) => {
    const { file, fd } = opened()
    const link = `${file}-link`
    fs.linkSync(file, link)
    const { pid, release } = await hold('sh', ['-c', `${HOLD[how]}; echo held; read -r end`, 'sh', link])
    const found = [{ pid, program: 'sh', access, locks: false }]
    expect(findOpenDescriptors(fd)).toEqual({ found, unseen: [], blind: undefined })
    await release()
    expect(findOpenDescriptors(fd).found).toEqual([])
  })

  it('of a file that has no name any more', async () => {
    const { file, fd } = opened()
    const { pid } = await hold('sh', ['-c', `${HOLD.both}; rm "$1"; echo held; read -r end`, 'sh', file])
    expect(findOpenDescriptors(fd).found).toMatchObject([{ pid, access: 'write' }])
  })

  it('in a pid namespace of their own', async () => {
    const { file, fd } = opened()
    const inside = ['sh', '-c', `${HOLD.both}; echo held; read -r end`, 'sh', file]
    await hold('unshare', ['-rmpf', '--mount-proc', ...inside])
    expect(findOpenDescriptors(fd).found).toMatchObject([{ program: 'sh', access: 'write' }])
  })

  it.each(['posix', 'ofd'] as const)('with a %s lock', async (kind) => {
    const { file, fd } = opened()
    const { pid } = await lockFile(file, kind, 'read')
    const found = [{ pid, program: 'perl', access: 'write', locks: true }]
    expect(findOpenDescriptors(fd).found).toEqual(found)
  })

  it('of a block device, by whatever name', async () => {
    const backing = path.join(scratch(), 'disk')
    fs.writeFileSync(backing, Buffer.alloc(1 << 20))
    const { stdout, stderr } = spawnSync('losetup', ['-f', '--show', backing], { encoding: 'utf8' })
    const device = stdout.trim()
    expect(stderr).toBe('')
    onTestFinished(() => void spawnSync('losetup', ['-d', device]))
    const fd = fs.openSync(device, 'r')
    onTestFinished(() => fs.closeSync(fd))
    const { pid } = await hold('sh', ['-c', `${HOLD.both}; echo held; read -r end`, 'sh', device])
    expect(findOpenDescriptors(fd).found).toMatchObject([{ pid, access: 'write' }])
  })

  it('are not all seen by a user without privileges, which is said', () => {
    const { file } = opened()
    const code = `
      const { blind, unseen } = files.findOpenDescriptors(fs.openSync(argv[0], 'r'))
      console.log(blind, unseen.some(({ pid, program }) => pid === ${process.pid} && program !== ''))`
    expect(runAs(STRANGER, code, [file]).stdout).toMatch(
      /^the open files of \d+ processes of other users are not seen true/,
    )
  })
})
