import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFileSource } from '../../src/source/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'qcow2-source-'))
const path = join(folder, 'bytes')
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => writeFileSync(path, 'abcdefghij'))

test('reads at an offset, and less at the end', () => {
  const source = openFileSource(path)
  const target = new Uint8Array(6)
  expect([source.name, source.size]).toEqual([path, 10])
  expect(source.read(target, 2)).toBe(6)
  expect(Buffer.from(target).toString()).toBe('cdefgh')
  expect(source.read(target, 8)).toBe(2)
  expect(source.read(target, 10)).toBe(0)
  expect(source.read(target, 2 ** 52)).toBe(0)
  source.close()
  source.close()
})

test('writes, grows, cuts and flushes', () => {
  const file = join(folder, 'written')
  writeFileSync(file, 'abc')
  const source = openFileSource(file, { write: true })
  source.write(Buffer.from('XY'), 2)
  expect(source.size).toBe(4)
  source.truncate(6)
  source.flush()
  expect(source.size).toBe(6)
  source.close()
  expect(readFileSync(file, 'latin1')).toBe('abXY\0\0')
})

test('looks at its length anew when told to', () => {
  const file = join(folder, 'growing')
  writeFileSync(file, 'abc')
  const source = openFileSource(file)
  writeFileSync(file, 'abcdef')
  expect(source.size).toBe(3)
  source.refresh()
  expect(source.size).toBe(6)
  source.close()
})

test('opens read-only unless told otherwise', () => {
  const source = openFileSource(path)
  expect(() => source.write(Buffer.from('X'), 0)).toThrow(/EBADF/)
  source.close()
})

describe('refuses, without waiting', () => {
  test.each([
    ['a FIFO', () => execFileSync('mkfifo', [join(folder, 'fifo')]), 'fifo', /neither a regular file/],
    ['a folder', () => {}, '.', /neither a regular file/],
    ['a character device', () => {}, '/dev/null', /neither a regular file/],
    ['what is not there', () => {}, 'absent', /ENOENT/],
  ])('%s', (_, make, name, message) => {
    make()
    const target = name.startsWith('/') ? name : join(folder, name)
    expect(() => openFileSource(target)).toThrow(
      expect.objectContaining({ code: 'unreadable', message: expect.stringMatching(message) }),
    )
  })
})
