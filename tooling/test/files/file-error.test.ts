import { describe, expect, it } from 'vitest'
import { asFileError } from '../../src/files/index.ts'

describe('a failed system call', () => {
  it.each([
    [{ code: 'ENOSPC', errno: -28 }, 'no-space', /no space/],
    [{ code: 'EROFS', errno: -30 }, 'read-only', /read-only/],
    // What Node makes of errno 122, of which libuv knows no name.
    [{ code: 'UNKNOWN', errno: -122 }, 'quota', /quota/],
    [{ code: 'UNKNOWN', errno: -9999 }, 'other', /made up/],
  ])('%j is %s', (fields, code, words) => {
    const error = asFileError(Object.assign(new Error('made up'), fields), '/a/file', 'cannot write')
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) })
  })
})
