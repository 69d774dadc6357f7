import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findHoles } from '../../src/files/index.ts'
import { run, scratch } from './support.ts'

const searched = process.env.PATH
afterEach(() => {
  process.env.PATH = searched
})

const M = 2 ** 20

function sparse(): { file: string; fd: number } {
  const file = path.join(scratch(), 'file')
  const fd = fs.openSync(file, 'w+')
  fs.ftruncateSync(fd, 5000 * M)
  fs.writeSync(fd, Buffer.alloc(M, 1), 0, M, 10 * M)
  fs.writeSync(fd, Buffer.alloc(M, 1), 0, M, 12 * M)
  return { file, fd }
}

describe.each(['perl', 'python3'])('holes, as %s finds them', (program) => {
  function only(): void {
    const folder = scratch()
    const { stdout } = run('sh', ['-c', 'command -v "$1"', 'sh', program])
    const wrapper = `#!/bin/sh\nPATH=${searched} exec ${stdout.trim()} "$@"\n`
    fs.writeFileSync(path.join(folder, program), wrapper, { mode: 0o755 })
    process.env.PATH = folder
  }

  it('before, between and after data; small ones only where they are asked for', () => {
    const { fd } = sparse()
    only()
    const large = [
      { offset: 0, length: 10 * M },
      { offset: 13 * M, length: 4987 * M },
    ]
    expect(findHoles(fd, 5000 * M, 2 * M)).toEqual(large)
    expect(findHoles(fd, 5000 * M, M)).toEqual([large[0], { offset: 11 * M, length: M }, large[1]])
    expect(findHoles(fd, 20 * M, 2 * M)).toEqual([large[0], { offset: 13 * M, length: 7 * M }])
  })

  it('of a file that has none, is one, or is empty', () => {
    const file = path.join(scratch(), 'file')
    const fd = fs.openSync(file, 'w+')
    only()
    expect(findHoles(fd, 0, 1)).toEqual([])
    fs.ftruncateSync(fd, M)
    expect(findHoles(fd, M, 1)).toEqual([{ offset: 0, length: M }])
    fs.writeSync(fd, Buffer.alloc(M, 1), 0, M, 0)
    expect(findHoles(fd, M, 1)).toEqual([])
  })
})

it('holes, without a program that could find them', () => {
  const { fd } = sparse()
  process.env.PATH = scratch()
  expect(findHoles(fd, 5000 * M, M)).toBeUndefined()
})
