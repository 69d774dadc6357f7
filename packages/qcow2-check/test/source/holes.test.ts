import { ftruncateSync, openSync, writeSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileSourceOf, MemorySource, OverlaySource } from '../../src/source/index.ts'
import { Scratch } from '../support/scratch.ts'

const M = 2 ** 20

/** 10 MiB of nothing, one of data, and nothing again. */
function sparse() {
  const scratch = new Scratch()
  const fd = openSync(scratch.file('sparse'), 'w+')
  ftruncateSync(fd, 100 * M)
  writeSync(fd, Buffer.alloc(M, 1), 0, M, 10 * M)
  const source = fileSourceOf(fd, 'sparse')
  onTestFinished(() => {
    source.close()
    scratch[Symbol.dispose]()
  })
  return source
}

describe('a hole', () => {
  it.each([
    [0, 10 * M, true],
    [0, 10 * M + 1, false],
    [9 * M, M, true],
    [10 * M, 4096, false],
    [10 * M + 4096, M, false],
    [11 * M, 89 * M, true],
    [50 * M, M, true],
    [99 * M, 2 * M, false],
  ])('of a file: %i, %i bytes: %s', (offset, length, hole) => {
    expect(sparse().isHole?.(offset, length)).toBe(hole)
  })

  it('is none any more once it is written to, by us or by others', () => {
    const source = sparse()
    expect(source.isHole?.(50 * M, M)).toBe(true)
    source.write(Buffer.from('x'), 50 * M)
    expect(source.isHole?.(50 * M, M)).toBe(false)
    expect(source.isHole?.(60 * M, M)).toBe(true)
    writeSync(source.fd, Buffer.from('x'), 0, 1, 60 * M)
    source.refresh?.()
    expect(source.isHole?.(60 * M, M)).toBe(false)
  })

  it('shows through overlays where nothing lies over it', () => {
    const below = new OverlaySource(sparse())
    const overlay = new OverlaySource(below)
    expect(overlay.isHole(20 * M, 5 * M)).toBe(true)
    overlay.write(Buffer.alloc(1), 21 * M)
    below.write(Buffer.alloc(1), 31 * M)
    expect(overlay.isHole(20 * M, 5 * M)).toBe(false)
    expect(overlay.isHole(30 * M, 5 * M)).toBe(false)
    expect(overlay.isHole(22 * M, 5 * M)).toBe(true)
    expect(overlay.isHole(10 * M, M)).toBe(false)
    overlay.truncate(200 * M)
    expect(overlay.isHole(150 * M, 5 * M)).toBe(true)
    expect(overlay.isHole(95 * M, 20 * M)).toBe(true)
  })

  it('is not known of other sources', () => {
    const overlay = new OverlaySource(new MemorySource(new Uint8Array(M)))
    expect(overlay.isHole(0, M)).toBe(false)
  })
})
