import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openFileSource } from '../../src/source/index.ts'

/** The kernel may move less than asked for (NFS, signals), and never moves more than 2^31-4096 bytes. */
const calls = vi.hoisted((): { cap: number; lengths: number[]; pretend: boolean } => ({
  cap: Infinity,
  lengths: [],
  pretend: false,
}))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const move =
    (real: typeof fs.readSync | typeof fs.writeSync) =>
    (fd: number, bytes: Uint8Array, at: number, length: number, position: number) => {
      calls.lengths.push(length)
      if (calls.pretend) return length
      return (real as typeof fs.readSync)(fd, bytes, at, Math.min(length, calls.cap), position)
    }
  return { ...fs, readSync: move(fs.readSync), writeSync: move(fs.writeSync) }
})

const folder = mkdtempSync(join(tmpdir(), 'qcow2-pieces-'))
const path = join(folder, 'bytes')
writeFileSync(path, 'abcdefghij')
afterEach(() => {
  calls.cap = Infinity
  calls.lengths = []
  calls.pretend = false
})

test('goes on after a short read and a short write', () => {
  calls.cap = 3
  const source = openFileSource(path, { write: true })
  source.write(Buffer.from('ABCDEFGH'), 1)
  const target = new Uint8Array(20)
  expect(source.read(target, 0)).toBe(10)
  expect(Buffer.from(target.subarray(0, 10)).toString()).toBe('aABCDEFGHj')
  source.close()
})

test('never asks for more than a call moves', () => {
  calls.pretend = true
  const source = openFileSource(path, { write: true })
  const length = 5 * 2 ** 30
  const large = { length } as Uint8Array
  expect(source.read(large, 0)).toBe(length)
  source.write(large, 0)
  expect(Math.max(...calls.lengths)).toBeLessThan(2 ** 31 - 4096)
  expect(calls.lengths.reduce((sum, part) => sum + part)).toBe(2 * length)
  source.close()
  rmSync(folder, { recursive: true })
})
