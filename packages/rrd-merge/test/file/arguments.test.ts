import { describe, expect, test } from 'vitest'
import { mergeFile, mergeTree, openRrd, RrdError } from '../../src/index.ts'

/** As JavaScript sees it. */
const untyped = (value: unknown): never => value as never

const failure = async (call: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await call()
  } catch (error) {
    return error
  }
}

const wrong = [undefined, null, 5, {}, [], [undefined], '', [''], 'a\0b']

describe('arguments that are no paths', () => {
  test.each(wrong.map((value) => [value]))('%j as OLD', async (value) => {
    for (const call of [
      () => mergeFile(untyped(value), '/nonexistent'),
      () => mergeTree(untyped(value), '/nonexistent').next(),
    ]) {
      const error = await failure(call)
      expect(error).toBeInstanceOf(RrdError)
      expect(error).toMatchObject({ code: 'EUSAGE' })
    }
  })

  test.each([[undefined], [null], [5], [''], ['a\0b']])('%j as the only file', async (value) => {
    for (const call of [
      () => mergeFile('/nonexistent', untyped(value)),
      () => mergeTree('/nonexistent', untyped(value)).next(),
      () => openRrd(untyped(value)),
    ])
      expect(await failure(call)).toMatchObject({ name: 'RrdError', code: 'EUSAGE' })
  })
})

test.each([{ live: 'of' }, { durability: 'always' }, { engine: 'librrd' }])(
  'no such value: %j',
  async (options) => {
    expect(
      await failure(() => mergeFile(process.execPath, process.execPath, untyped(options))),
    ).toMatchObject({
      name: 'RrdError',
      code: 'EUSAGE',
    })
  },
)
