import { describe, expect, it } from 'vitest'
import { describeError, Failure, isAbortError } from '../../src/errors/index.ts'

const system = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: libuv words`), { code, syscall: 'open', path: '/x/y', ...more })

describe('an error', () => {
  it.each([
    [system('EACCES'), 'cannot open /x/y: permission denied (EACCES)'],
    [
      system('EROFS', { syscall: 'rename', dest: '/z' }),
      'cannot rename /x/y to /z: the file system is mounted read-only (EROFS)',
    ],
    [
      system('ENOSPC', { syscall: 'write', path: undefined }),
      'cannot write: no space left on the device (ENOSPC)',
    ],
    [
      system('EMFILE', { syscall: 'scandir' }),
      'cannot read the folder /x/y: too many files are open in this process (EMFILE)',
    ],
    [
      system('ENOENT', { syscall: 'spawn rrdtool', path: 'rrdtool' }),
      'cannot start rrdtool: no such file or folder (ENOENT)',
    ],
    [
      system('ECONNREFUSED', { syscall: 'connect', path: undefined, address: '127.0.0.1' }),
      'cannot connect to 127.0.0.1: connection refused (ECONNREFUSED)',
    ],
    [system('EODD'), 'cannot open /x/y: EODD: libuv words (EODD)'],
    [
      system('EIO', { path: Buffer.of(0x61, 0xff) }),
      'cannot open a\udcff: the device reported an input/output error (EIO)',
    ],
  ])('of the system is put into words: %s', (error, message) => {
    expect(describeError(error)).toMatchObject({ message, bug: false })
  })

  it('says where once', () => {
    const at = (message: string) =>
      describeError(new Failure('C', message, { path: 'f', offset: 4096n })).message
    expect(at('broken')).toBe('f: broken (offset 0x1000, 4096)')
    expect(at('f is broken at 0x1000')).toBe('f is broken at 0x1000')
    expect(at('/x/f: broken at 0x1000')).toBe('/x/f: broken at 0x1000')
    expect(at('unfit at 0x1000')).toBe('f: unfit at 0x1000')
  })

  it.each([
    new TypeError('x'),
    new Error('x'),
    'x',
    undefined,
    Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ])('that nobody expected is a bug: %s', (error) => {
    expect(describeError(error)).toMatchObject({ code: 'BUG', bug: true })
  })

  it('shows its causes in the stack, even where they go round', () => {
    const inner = new Error('inner')
    const outer = new Failure('C', 'outer', { cause: inner })
    expect(describeError(outer).stack).toMatch(/outer[\s\S]*\ncaused by: Error: inner/)
    inner.cause = outer
    expect(describeError(outer).stack?.match(/caused by/g)).toHaveLength(1)
  })

  it('of an abort is told by name or code', () => {
    expect(isAbortError(AbortSignal.abort().reason)).toBe(true)
    expect(isAbortError(Object.assign(new Error(), { code: 'ABORTED' }))).toBe(true)
    expect(isAbortError(new Error('aborted'))).toBe(false)
  })
})
