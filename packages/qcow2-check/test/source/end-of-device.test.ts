import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { endOfDevice } from '../../src/source/end-of-device.ts'

/** A sparse file answers as a device of whole sectors does; a device itself takes root. */
const folder = mkdtempSync(join(tmpdir(), 'qcow2-device-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([0, 1, 2, 3, 7, 8, 9, 2 ** 21 - 1, 2 ** 21, 2 ** 21 + 1, 2 ** 33 + 12345])(
  '%i sectors',
  (sectors) => {
    const fd = openSync(join(folder, `${sectors}`), 'w+')
    ftruncateSync(fd, sectors * 512)
    expect(endOfDevice(fd)).toBe(sectors * 512)
    closeSync(fd)
  },
)

test.each([0, 1, 4095, 4096, 8191, 9215])('sector %i of 9216 is bad', (bad) => {
  const read = (_fd: number, _target: Uint8Array, _offset: number, length: number, position: number) => {
    if (position === bad * 512) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
    return position < 9216 * 512 ? length : 0
  }
  expect(endOfDevice(-1, read)).toBe(9216 * 512)
})
