import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { client, FORMS, failure, folder, SMALL, script } from './support.ts'

const FILE = '/nonexistent/a.rrd'

/** As JavaScript sees it. */
type Untyped = Record<string, (...args: unknown[]) => Promise<unknown>>

describe.each(FORMS)('$form, called without regard to types', ({ persistent }) => {
  const untyped = (): Untyped => client({ persistent }) as unknown as Untyped

  test.each([
    ['fetch', [FILE]],
    ['create', [FILE]],
    ['resize', [FILE]],
    ['graph', [FILE]],
    ['graph', [FILE, {}]],
    ['xport', []],
    ['update', [FILE]],
    ['tune', [FILE, 'text']],
    ['restore', [FILE]],
    ['info', [FILE, null]],
    ['info', [FILE, {}, null]],
    ['last', [FILE, {}, { signal: {} }]],
    ['last', [FILE, {}, { signal: 5 }]],
    ['last', [FILE, {}, { timeout: '5' }]],
    ['last', []],
  ])('%s %j is BAD_ARGUMENT', async (method, args) => {
    const rrd = untyped()
    const call = rrd[method]?.apply(rrd, args) as Promise<unknown>
    expect(await failure(call)).toMatchObject({
      name: 'RrdtoolError',
      code: 'BAD_ARGUMENT',
      command: method,
    })
  })

  test('after close even a call that could not be made is CLOSED', async () => {
    const rrd = client({ persistent })
    await rrd.close()
    expect(await failure(rrd.create(FILE, {}))).toMatchObject({ code: 'CLOSED', command: 'create' })
  })
})

describe.each(FORMS)('$form', ({ persistent }) => {
  test('a number is a time since 1970 whatever its digits, not an hour or a date', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    for (const start of [0, 1, 23, 19_990_101]) {
      const error = await failure(rrd.fetch(file, { cf: 'AVERAGE', start }))
      expect(error).toMatchObject({ code: 'FAILED', output: expect.stringContaining('after 1980') })
    }
  })

  test('tune notices a program that only repeats what it is told', async () => {
    const rrd = client({ persistent, path: script('cat') })
    if (persistent) expect(await failure(rrd.tune(FILE, ['-h', 'a:5']))).toMatchObject({ code: 'PROTOCOL' })
    else expect(await failure(rrd.tune(FILE, ['-h', 'a:5']))).toMatchObject({ code: 'UNVERIFIED' })
  })
})

test('the message of an error is one line, its output what rrdtool said', async () => {
  const file = join(folder(), 'two\nlines.rrd')
  const error = await failure(client().info(file))
  expect(error).toMatchObject({ code: 'FAILED', file, output: expect.stringContaining('two\nlines') })
  expect(error.message).not.toMatch(/\p{Cc}/u)
})
