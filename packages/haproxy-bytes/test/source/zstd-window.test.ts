import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { ZstdWindowGuard } from '../../src/source/zstd-window.ts'

const TEXT = Buffer.from(Array.from({ length: 30_000 }, (_, n) => `line ${n * 7919}\n`).join(''))
const zstd = (input: Buffer, ...args: readonly string[]): Buffer =>
  execFileSync('zstd', ['-c', '-q', ...args], { input, maxBuffer: 1 << 28 })
const MIB = 1 << 20

/** The largest window that is refused for a stream, by trying. */
function accepts(bytes: Uint8Array, largest: number, chunk = bytes.length): boolean {
  const guard = new ZstdWindowGuard(largest)
  try {
    for (let at = 0; at < bytes.length; at += chunk) guard.write(bytes.subarray(at, at + chunk))
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
    return false
  }
}

describe('the window that zstd(1) asks for', () => {
  test.each([
    ['a stream', zstd(TEXT, '-1', '--long=24'), 16 * MIB],
    ['with a checksum', zstd(TEXT, '--check', '--long=21'), 2 * MIB],
    ['without one', zstd(TEXT, '--no-check', '--long=21'), 2 * MIB],
  ])('%s', (_, bytes, window) => {
    expect([accepts(bytes, window), accepts(bytes, window - 1)]).toEqual([true, false])
    expect([accepts(bytes, window, 1), accepts(bytes, window - 1, 1)]).toEqual([true, false])
  })

  test('a single segment wants as much as it holds', () => {
    const bytes = zstd(TEXT, `--stream-size=${TEXT.length}`)
    expect([accepts(bytes, TEXT.length), accepts(bytes, TEXT.length - 1)]).toEqual([true, false])
  })

  test('of several frames each is looked at, skippable ones aside', () => {
    const skippable = Buffer.from('5b2a4d18050000000102030405', 'hex')
    const [small, large] = [zstd(TEXT, '--long=21', '-1'), zstd(TEXT, '--long=25', '-1')]
    const bytes = Buffer.concat([small, skippable, small, large])
    for (const chunk of [1, 7, bytes.length]) {
      expect(accepts(bytes, 32 * MIB, chunk)).toBe(true)
      expect(accepts(bytes, 31 * MIB, chunk)).toBe(false)
    }
  })
})
