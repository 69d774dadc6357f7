import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { documentValue, jsonInteger, jsonPath } from '../../src/command-line/index.ts'
import { OutputClosed, StreamOutput } from '../../src/command-line/output.ts'
import { Kept } from './memory-io.ts'

const outputOn = (stream: Writable, whenClosed: 'finish' | 'stop' = 'finish') => {
  let closed = 0
  const out = new StreamOutput(() => stream, {
    schema: 'tool/do@1',
    whenClosed,
    onClosed: () => {
      closed += 1
    },
  })
  return { out, closed: () => closed }
}

const failing = (code: string) =>
  new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) })

describe('output', () => {
  it('is in order, whatever its form', async () => {
    const stream = new Kept()
    const { out } = outputOn(stream)
    await out.write('a')
    await out.write(Buffer.from('b'))
    await out.line('c')
    await out.write('d'.repeat(100_000))
    await out.ndjson({ e: 1n })
    await out.flush()
    expect(stream.text).toBe(`abc\n${'d'.repeat(100_000)}{"e":1}\n`)
  })

  it('writes a document with a list that is not held as it writes one with an array', async () => {
    const rows = [{ a: 1n }, 'b', null, { c: [] }]
    for (const list of [rows, []]) {
      const [held, made] = [new Kept(), new Kept()]
      for (const [stream, items] of [
        [held, list],
        [made, list.values()],
      ] as const) {
        const { out } = outputOn(stream)
        await out.json({ before: undefined, items, after: { list: [1] } })
        await out.flush()
      }
      expect(made.text).toBe(held.text)
      const parsed = JSON.parse(made.text)
      expect(Object.keys(parsed)).toEqual(['schema', 'items', 'after'])
      expect(parsed.items).toHaveLength(list.length)
    }
  })

  it.each([
    ['takes all', 1000, 'abc\n', ''],
    ['takes a part', 2, 'ab', 'c\n'],
    ['takes nothing', 0, '', 'abc\n'],
  ])('goes without a stream where that %s, the rest to the stream', async (_, room, direct, rest) => {
    const stream = new Kept()
    let printed = ''
    let opened = 0
    const out = new StreamOutput(
      () => {
        opened++
        return stream
      },
      {
        schema: 'tool/do@1',
        whenClosed: 'finish',
        onClosed: () => {},
        printNow: (text) => {
          printed += text.slice(0, room)
          return Buffer.from(text.slice(room))
        },
      },
    )
    await out.write('ab')
    await out.line('c')
    await out.flush()
    expect([printed, stream.text, opened]).toEqual([direct, rest, rest === '' ? 0 : 1])
    await out.write(Buffer.from('d'))
    await out.line('e')
    await out.flush()
    expect(stream.text).toBe(`${rest}de\n`)
  })

  it('is written though the command never waits for it', async () => {
    const stream = new Kept()
    const { out } = outputOn(stream)
    await out.line('now')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(stream.text).toBe('now\n')
  })

  it('holds the writer back while the reader is slow', async () => {
    const stream = new PassThrough({ highWaterMark: 1 })
    const { out } = outputOn(stream)
    let most = 0
    stream.on('data', (chunk) => {
      stream.pause()
      setTimeout(() => stream.resume(), 1)
      most = Math.max(most, stream.writableLength + stream.readableLength + chunk.length)
    })
    for (let index = 0; index < 2000; index += 1) await out.line('x'.repeat(1000))
    await out.flush()
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(300_000)
  })

  it('with a schema is one document with exact integers', async () => {
    const stream = new Kept()
    const { out } = outputOn(stream)
    await out.json({ small: 9007199254740991n, large: 9007199254740993n, negative: -9007199254740993n })
    await out.flush()
    expect(stream.text).toBe(
      '{"schema":"tool/do@1","small":9007199254740991,"large":"9007199254740993","negative":"-9007199254740993"}\n',
    )
  })

  it('goes nowhere after the reader has gone, or stops the command', async () => {
    const finishing = outputOn(failing('EPIPE'))
    await finishing.out.line('a')
    await finishing.out.flush()
    await finishing.out.line('b')
    expect([finishing.out.closed, finishing.closed()]).toEqual([true, 1])
    const stopping = outputOn(failing('EPIPE'), 'stop')
    await stopping.out.line('a')
    await stopping.out.flush()
    await expect(stopping.out.line('b')).rejects.toBeInstanceOf(OutputClosed)
  })

  it('that could not be written is a failure', async () => {
    const { out } = outputOn(failing('ENOSPC'))
    await out.line('a')
    await expect(out.flush()).rejects.toMatchObject({
      code: 'OUTPUT',
      message: 'cannot write to standard output: no space left on the device (ENOSPC)',
    })
    await expect(out.line('b')).rejects.toMatchObject({ code: 'OUTPUT' })
  })
})

describe('values in JSON', () => {
  it.each([
    ['a/é', { path: 'a/é' }],
    [Buffer.from('a/é'), { path: 'a/é' }],
    [Buffer.of(0x61, 0xff), { path: 'a\ufffd', pathBase64: 'Yf8=' }],
    ['a\udcff', { path: 'a\ufffd', pathBase64: 'Yf8=' }],
    ['\ufffd', { path: '\ufffd' }],
    [Buffer.from('\ufeffx'), { path: '\ufeffx' }],
  ])('path %j', (path, expected) => {
    expect(jsonPath(path)).toEqual(expected)
  })

  it('integers', () => {
    expect(jsonInteger(2 ** 53 - 1)).toBe(9007199254740991)
    expect(jsonInteger(2n ** 53n)).toBe('9007199254740992')
    expect(jsonInteger(2n ** 64n - 1n)).toBe('18446744073709551615')
    expect(jsonInteger(-5n)).toBe(-5)
  })

  it('is valid Unicode: bytes that are none become U+FFFD, astral characters stay', () => {
    const message = 'b\udcff.rrd \u{1F4C8}'
    expect(JSON.stringify({ message, size: 2n ** 64n }, documentValue)).toBe(
      '{"message":"b\ufffd.rrd \u{1F4C8}","size":"18446744073709551616"}',
    )
  })
})
