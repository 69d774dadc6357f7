import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter, LONGEST_LINE } from '../../src/lines/index.ts'

function split(chunks: readonly Uint8Array[]): { lines: string[]; overlong: number[] } {
  const lines: string[] = []
  const overlong: number[] = []
  const splitter = new LineSplitter({
    line: (bytes, from, to) => void lines.push(Buffer.from(bytes.subarray(from, to)).toString('latin1')),
    overlong: (length) => void overlong.push(length),
  })
  for (const chunk of chunks) splitter.write(chunk)
  splitter.end()
  return { lines, overlong }
}

test('however a text is cut into chunks, its lines are the same', () => {
  const bytes = fc.uint8Array({ maxLength: 60 }).map((raw) => raw.map((byte) => (byte % 5 === 0 ? 10 : byte)))
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 8 }), (chunks) => {
      const whole = Buffer.concat(chunks)
      const expected = whole.toString('latin1').split('\n')
      if (expected.at(-1) === '') expected.pop()
      expect(split(chunks).lines).toEqual(expected)
      expect(split([whole]).lines).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
})

test.each([1, 3, 100])(
  'a line without an end is left out, and what follows it is not lost (%i chunks)',
  (parts) => {
    const text = Buffer.concat([Buffer.alloc(LONGEST_LINE + 50, 'x'), Buffer.from('\nafter\n')])
    const size = Math.ceil(text.length / parts)
    const chunks = Array.from({ length: parts }, (_, n) => text.subarray(n * size, (n + 1) * size))
    expect(split(chunks)).toEqual({ lines: ['after'], overlong: [LONGEST_LINE + 50] })
  },
)

test('every line says where it begins, however the text is cut', () => {
  const text = Buffer.from(`a\n\nbcd\n${'x'.repeat(LONGEST_LINE + 1)}\nlast`)
  for (const size of [1 << 10, text.length, LONGEST_LINE + 5]) {
    const places: [string, number][] = []
    const splitter = new LineSplitter(
      {
        line: (bytes, from, to, offset) =>
          void places.push([Buffer.from(bytes.subarray(from, to)).toString(), offset]),
        overlong: (_, offset) => void places.push(['long', offset]),
        unended: (_bytes, _from, _to, offset) => void places.push(['unended', offset]),
      },
      100,
    )
    for (let at = 0; at < text.length; at += size) splitter.write(text.subarray(at, at + size))
    expect(splitter.offset).toBe(100 + text.length - 4)
    splitter.end()
    expect(places).toEqual([
      ['a', 100],
      ['', 102],
      ['bcd', 103],
      ['long', 107],
      ['unended', 100 + text.length - 4],
    ])
  }
})

test('the memory of a file of one line is bounded', () => {
  const chunk = Buffer.alloc(1 << 16, 'x')
  const before = process.memoryUsage().arrayBuffers
  const { overlong } = split(Array.from({ length: 2000 }, () => chunk))
  expect(overlong).toEqual([2000 * chunk.length])
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20)
})
