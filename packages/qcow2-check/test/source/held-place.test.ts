import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { openFileSource } from '../../src/source/index.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-held')
afterAll(() => scratch[Symbol.dispose]())

const O_PATH = 0o10000000
const opened: number[] = []
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const openSync: typeof fs.openSync = (path, flags, mode) => {
    opened.push(Number(flags))
    return fs.openSync(path, flags, mode)
  }
  return { ...fs, openSync }
})
beforeEach(() => opened.splice(0))

/** To open /dev/watchdog is to arm it: the machine starts anew a minute later. */
test.each([
  ['a device', () => '/dev/zero'],
  [
    'a FIFO',
    () => {
      execFileSync('mkfifo', [scratch.file('fifo')])
      return scratch.file('fifo')
    },
  ],
  ['a folder', () => scratch.path],
])('%s behind a link is looked at, and not opened', (name, make) => {
  const link = scratch.file(`link to ${name}`)
  symlinkSync(make(), link)
  expect(() => openFileSource(link)).toThrow(`${link}: is neither a regular file nor a block device`)
  expect(opened.every((flags) => (flags & O_PATH) !== 0)).toBe(true)
})

test('a file is opened behind a link too, and told by its name where it is not there', () => {
  const file = scratch.file('file')
  writeFileSync(file, 'bytes')
  symlinkSync(file, scratch.file('link'))
  const source = openFileSource(scratch.file('link'))
  expect(source.size).toBe(5)
  source.close()
  expect(() => openFileSource(scratch.file('none'))).toThrow(/none: can't be opened: ENOENT: .*none'/)
})
