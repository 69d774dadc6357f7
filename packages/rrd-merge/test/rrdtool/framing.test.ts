import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerFrame } from '../../src/rrdtool/framing.ts'
import { client, FORMS, folder, SMALL, START } from './support.ts'

const OK = 'OK u:0.01 s:0.00 r:0.05'
const MARK = 'end-00'
const END = `ERROR: unknown function '${MARK}'`

/** Pushes the text cut at the given places, and says what came out. */
function read(text: string, cuts: readonly number[], marker?: string) {
  const chunks: Buffer[] = []
  const frame = new AnswerFrame((chunk) => chunks.push(Buffer.from(chunk)), marker)
  const bytes = Buffer.from(text)
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  let marked = false
  for (let i = 1; i < places.length; i++)
    marked = frame.push(bytes.subarray(places[i - 1], places[i])) || marked
  return { output: Buffer.concat(chunks).toString(), marked, status: frame.status, surplus: frame.surplus }
}

describe('the end of an answer', () => {
  const cases: [string, string, string, object][] = [
    ['no output', `${OK}\n${END}\n`, '', { ok: true }],
    ['output', `1\n2\n${OK}\n${END}\n`, '1\n2\n', { ok: true }],
    ['an error', `ERROR: no\n${END}\n`, '', { ok: false, text: 'no' }],
    ['an error after output', `-1\nERROR: no\n${END}\n`, '-1\n', { ok: false, text: 'no' }],
    ['an error of two lines', `ERROR: no\nway\n${END}\n`, '', { ok: false, text: 'no\nway' }],
    ['output that looks like OK', `${OK}\nx\n${OK}\n${END}\n`, `${OK}\nx\n`, { ok: true }],
    ['output that looks like ERROR', `ERROR: x\n${OK}\n${END}\n`, 'ERROR: x\n', { ok: true }],
    [
      'output that looks like the marker',
      `ERROR: unknown function 'end-01'\n${OK}\n${END}\n`,
      "ERROR: unknown function 'end-01'\n",
      { ok: true },
    ],
    ['a line that only begins like OK', `OK u: x\n${OK}\n${END}\n`, 'OK u: x\n', { ok: true }],
    ['OK within a line', `x${OK}\n${OK}\n${END}\n`, `x${OK}\n`, { ok: true }],
    ['OK of a system without getrusage', `1\nOK\n${END}\n`, '1\n', { ok: true }],
    ['other letters', `ä\n${OK}\n${END}\n`, 'ä\n', { ok: true }],
  ]
  test.each(cases)('%s, however it is cut', (_, text, output, status) => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
        expect(read(text, cuts, MARK)).toEqual({ output, marked: true, status, surplus: /way/.test(text) })
      }),
    )
  })

  test('without a marker the first status is seen at once', () => {
    expect(read(`1\n${OK}\n`, [])).toEqual({
      output: '1\n',
      marked: false,
      status: { ok: true },
      surplus: false,
    })
    expect(read(`1\n${OK}`, [])).toMatchObject({ status: undefined })
    expect(read(`1\n${OK}\n2\n`, [])).toMatchObject({ status: { ok: true }, surplus: true })
  })

  test('a status line without end is no reason to keep everything', () => {
    let size = 0
    const frame = new AnswerFrame((chunk) => {
      size += chunk.length
    }, MARK)
    for (let i = 0; i < 100; i++) frame.push(Buffer.alloc(65_536, 'E'))
    expect(size).toBe(100 * 65_536)
  })
})

describe.each(FORMS)('$form', ({ persistent }) => {
  test.each([
    ['OK', '1"\nOK u:0.00 s:0.00 r:0.00\n'],
    ['ERROR', '1\nERROR: no\n9999: 9\n'],
  ])('a file whose texts contain a line %s does not shift the answers', async (_, reading) => {
    const base = folder()
    const [good, hostile] = [join(base, 'good.rrd'), join(base, 'hostile.rrd')]
    const rrd = client({ persistent })
    // So many data sources that the answer comes in many pieces, of which the first already seems to end.
    const more = Array.from({ length: 1000 }, (_, i) => `DS:b${i}:GAUGE:120:U:U`)
    await rrd.create(good, { ...SMALL, ds: [...SMALL.ds, ...more] })
    const xml = await rrd.dump(good)
    writeFileSync(join(base, 'a.xml'), xml.replace(/<last_ds>U/, '<last_ds>123456789012345678901234567'))
    await rrd.restore(join(base, 'a.xml'), hostile)
    const bytes = readFileSync(hostile)
    const at = bytes.indexOf('123456789012345678901234567')
    bytes.fill(0, at, at + 30)
    bytes.write(reading, at)
    writeFileSync(hostile, bytes)
    for (let i = 0; i < 3; i++) {
      await rrd.lastupdate(hostile).catch(() => {})
      expect((await rrd.info(hostile))['ds[a].last_ds']).toBe(reading)
      expect(await rrd.last(good)).toBe(START)
      expect((await rrd.info(good)).filename).toBe(good)
    }
  })
})
