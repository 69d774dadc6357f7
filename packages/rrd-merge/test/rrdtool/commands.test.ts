import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { client, FORMS, failure, folder, SMALL, START } from './support.ts'

const HOLT_WINTERS = {
  step: 60,
  start: START,
  ds: ['DS:a:GAUGE:120:0:U', 'DS:b:COUNTER:120:U:U', 'DS:c:COMPUTE:a,2,*'],
  rra: ['RRA:AVERAGE:0.5:1:20', 'RRA:MAX:0.5:5:20', 'RRA:HWPREDICT:20:0.1:0.0035:5'],
}

describe.each(FORMS)('$form', ({ persistent }) => {
  test('the sample of the README', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    await rrd.update(file, [`${START + 60}:1`, `${START + 120}:U`])
    const { start, end, step, names, rows } = await rrd.fetch(file, {
      cf: 'AVERAGE',
      start: START,
      end: START + 120,
    })
    expect({ start, end, step, names }).toEqual({ start: START, end: START + 180, step: 60, names: ['a'] })
    expect(rows).toEqual([
      { time: START + 60, values: [1] },
      { time: START + 120, values: [Number.NaN] },
      { time: START + 180, values: [Number.NaN] },
    ])
    expect(await rrd.lastupdate(file)).toEqual({
      time: START + 120,
      values: { a: Number.NaN },
      raw: { a: 'U' },
    })
    expect(await rrd.last(file)).toBe(START + 120)
    expect(await rrd.first(file)).toBe(START + 120 - 9 * 60)
  })

  test('info is flat and typed', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, HOLT_WINTERS)
    const info = await rrd.info(file)
    expect(info.filename).toBe(file)
    expect(info.rrd_version).toBe('0003')
    expect(info.step).toBe(60)
    expect(info.last_update).toBe(START)
    expect(info['ds[a].type']).toBe('GAUGE')
    expectTypeOf(info['ds[a].type']).toEqualTypeOf<string | undefined>()
    expectTypeOf(info['rra[1].rows']).toEqualTypeOf<number | undefined>()
    expectTypeOf(info.step).toEqualTypeOf<number>()
    expect(info['ds[a].min']).toBe(0)
    expect(info['ds[a].max']).toBeNaN()
    expect(info['ds[c].cdef']).toBe('a,2,*')
    expect(info['rra[1].cf']).toBe('MAX')
    expect(info['rra[1].pdp_per_row']).toBe(5)
    expect(info['rra[2].alpha']).toBe(0.1)
    expect(info['rra[6].cdp_prep[0].history']).toBe('000000000')
  })

  test('a counter of 64 bits keeps its digits in raw', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, { ...SMALL, ds: ['DS:__proto__:COUNTER:120:U:U'] })
    await rrd.update(file, [`${START + 60}:18446744073709551615`])
    const { raw, values } = await rrd.lastupdate(file)
    expect(Object.entries(raw)).toEqual([['__proto__', '18446744073709551615']])
    expect(Object.entries(values)).toEqual([['__proto__', 2 ** 64]])
  })

  test('a single row knows its step, also of a coarse archive', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, { ...SMALL, rra: ['RRA:AVERAGE:0.5:1:5', 'RRA:AVERAGE:0.5:7:50'] })
    await rrd.update(
      file,
      Array.from({ length: 40 }, (_, i) => `${START + 60 * (i + 1)}:${i}`),
    )
    const fine = await rrd.fetch(file, { cf: 'AVERAGE', start: START + 2340, end: START + 2340 })
    expect([fine.step, fine.rows.length]).toEqual([60, 1])
    const coarse = await rrd.fetch(file, { cf: 'AVERAGE', start: START + 600, end: START + 600 })
    expect([coarse.step, coarse.rows.length, coarse.end - coarse.start]).toEqual([420, 1, 420])
  })

  test('infinite values', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    const xml = (await rrd.dump(file)).replace(/NaN(<\/v><\/row>\s*<!--[^>]*-->\s*<row><v>)NaN/g, 'inf$1-inf')
    const text = xml.replace(/<database>[\s\S]*<\/database>/, (part) =>
      part.replace('<v>NaN', '<v>inf').replace('<v>NaN', '<v>-inf'),
    )
    writeFileSync(`${file}.xml`, text)
    await rrd.restore(`${file}.xml`, file, { force: true })
    const { rows } = await rrd.fetch(file, { cf: 'AVERAGE', start: START - 600, end: START - 480 })
    expect(rows.flatMap(({ values }) => values)).toEqual(expect.arrayContaining([Infinity, -Infinity]))
  })

  test('dump, restore and back', async () => {
    const rrd = client({ persistent })
    const base = folder()
    const [file, xml, copy] = [join(base, 'a.rrd'), join(base, 'a.xml'), join(base, 'copy.rrd')]
    await rrd.create(file, SMALL)
    await rrd.update(file, [`${START + 60}:1.5`])
    const text = await rrd.dump(file)
    expectTypeOf(text).toEqualTypeOf<string>()
    expect(await rrd.dump(file, { output: xml })).toBeUndefined()
    expect(readFileSync(xml, 'utf8')).toBe(text)
    expect(await rrd.dump(file, { noHeader: true })).toMatch(/^<!-- Round Robin|^<rrd>/)
    await rrd.dump(file, { output: xml })
    await rrd.restore(xml, copy)
    const series = { cf: 'AVERAGE', start: START, end: START + 60 }
    expect(await rrd.fetch(copy, series)).toEqual(await rrd.fetch(file, series))
    expect(await failure(rrd.restore(xml, copy))).toMatchObject({
      code: 'FAILED',
      command: 'restore',
      file: copy,
    })
    await rrd.restore(xml, copy, { force: true })
  })

  test('tune changes settings and structure', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    await rrd.tune(file, ['--heartbeat', 'a:300', '-i', 'a:-5', '--maximum=a:1e3', '-da:DERIVE'])
    await rrd.tune(file, ['--data-source-rename', 'a:b'])
    await rrd.tune(file, ['DS:c:GAUGE:120:U:U', 'RRA:MAX:0.5:2:7'])
    const info = await rrd.info(file)
    expect([
      info['ds[b].minimal_heartbeat'],
      info['ds[b].min'],
      info['ds[b].max'],
      info['ds[b].type'],
    ]).toEqual([300, -5, 1000, 'DERIVE'])
    expect([info['ds[c].type'], info['rra[1].rows']]).toEqual(['GAUGE', 7])
    await rrd.tune(file, ['--minimum', 'b:U'])
    await rrd.tune(file, ['--minimum', 'b:U'])
    expect(await failure(rrd.tune(file, ['--heartbeat', 'nosuch:300']))).toMatchObject({ code: 'FAILED' })
    expect(await failure(rrd.tune(file, []))).toMatchObject({ code: 'BAD_ARGUMENT' })
  })

  test('resize writes its output and nothing else', async () => {
    const rrd = client({ persistent })
    const base = folder()
    const file = join(base, 'a.rrd')
    const other = join(base, 'other')
    mkdirSync(other)
    await rrd.create(file, { ...SMALL, rra: ['RRA:AVERAGE:0.5:1:10', 'RRA:MAX:0.5:2:20'] })
    await rrd.resize(file, { rra: 1, grow: 5, output: join(other, 'grown.rrd') })
    expect((await rrd.info(join(other, 'grown.rrd')))['rra[1].rows']).toBe(25)
    await rrd.resize(file, { rra: 0, shrink: 3, output: file })
    expect((await rrd.info(file))['rra[0].rows']).toBe(7)
    expect([readdirSync(base).sort(), readdirSync(other), existsSync('resize.rrd')]).toEqual([
      ['a.rrd', 'other'],
      ['grown.rrd'],
      false,
    ])
    expect(await failure(rrd.resize(file, { rra: 9, grow: 1, output: file }))).toMatchObject({
      code: 'FAILED',
    })
    expect(
      await failure(rrd.resize(file, { rra: 0, grow: 1, shrink: 1, output: file } as never)),
    ).toMatchObject({
      code: 'BAD_ARGUMENT',
    })
    expect(readdirSync(base).sort()).toEqual(['a.rrd', 'other'])
  })

  test('xport gives the shape of fetch, under legends', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    await rrd.update(file, [`${START + 60}:1`, `${START + 120}:2.5`])
    const { names, ...series } = await rrd.xport({ start: START, end: START + 120 }, [
      `DEF:a=${file}:a:AVERAGE`,
      'CDEF:b=a,2,*',
      'XPORT:a:<a> & "b" &amp; </entry> OK',
      'XPORT:b',
    ])
    expect(names).toEqual(['<a> & "b" &amp; </entry> OK', ''])
    // fetch gives the row that its end falls into, xport none beyond its end.
    const fetched = await rrd.fetch(file, { cf: 'AVERAGE', start: START, end: START + 119 })
    expect([series.start, series.end, series.step]).toEqual([fetched.start, fetched.end, fetched.step])
    expect(series.rows).toEqual(
      fetched.rows.map(({ time, values: [a = 0] }) => ({ time, values: [a, a * 2] })),
    )
  })

  test('graph draws, measures and prints', async () => {
    const rrd = client({ persistent })
    const base = folder()
    const file = join(base, 'a.rrd')
    await rrd.create(file, SMALL)
    await rrd.update(file, [`${START + 60}:1`])
    const def = `DEF:a=${file}:a:AVERAGE`
    const image = join(base, 'a.png')
    const options = {
      start: START,
      end: START + 60,
      width: 300,
      height: 80,
      verticalLabel: '-per s',
      color: ['BACK#ffffff', 'CANVAS#eeeeee'],
    }
    const drawn = await rrd.graph(image, options, [
      def,
      'LINE1:a#ff0000:line',
      'PRINT:a:AVERAGE:%.1lf',
      'PRINT:a:AVERAGE:OK u\\:0.00 s\\:0.00 r\\:%.2lf',
      'PRINT:a:MAX:ERROR\\: %lf',
    ])
    expect(drawn.prints).toEqual(['1.0', 'OK u:0.00 s:0.00 r:1.00', 'ERROR: 1.000000'])
    const png = readFileSync(image)
    expect([drawn.width, drawn.height]).toEqual([png.readUInt32BE(16), png.readUInt32BE(20)])
    // A picture is drawn anew once it is older than one of its pixels is wide: 12 seconds here, none above.
    const wide = { ...options, start: START - 3600 }
    await rrd.graph(image, wide, [def, 'LINE1:a#ff0000:line'])
    const { mtimeNs } = statSync(image, { bigint: true })
    expect(await rrd.graph(image, { ...wide, lazy: true }, [def, 'LINE1:a#ff0000:line'])).toMatchObject({
      prints: [],
    })
    expect(statSync(image, { bigint: true }).mtimeNs).toBe(mtimeNs)
    await rrd.graph(join(base, 'a.svg'), { ...options, imgformat: 'SVG' }, [def, 'AREA:a#00ff00'])
    await rrd.graph(join(base, 'a.json'), { ...options, imgformat: 'JSON' }, [def, 'AREA:a#00ff00:x'])
    expect(await rrd.graph(join(base, 'none.png'), options, [def, 'PRINT:a:AVERAGE:%.0lf'])).toEqual({
      width: 0,
      height: 0,
      prints: ['1'],
    })
    expect(existsSync(join(base, 'none.png'))).toBe(false)
    expect(await rrd.last(file)).toBe(START + 60)
  })

  test('what rrdtool refuses is FAILED, with its text, and the next call works', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    expect(await failure(rrd.update(file, ['1:1']))).toMatchObject({
      name: 'RrdtoolError',
      code: 'FAILED',
      command: 'update',
      file,
      output: expect.stringContaining('illegal attempt to update using time 1'),
    })
    await rrd.update(file, ['1:1'], { skipPastUpdates: true })
    await rrd.update(file, ['N:5'], { template: 'a' })
    expect(await rrd.last(file)).toBeGreaterThan(START)
    await rrd.update(file, ['now+60s@1'])
    expect(await failure(rrd.fetch(file, { cf: 'NOSUCH' }))).toMatchObject({
      code: 'FAILED',
      command: 'fetch',
    })
    expect(await failure(rrd.create(file, { ...SMALL, noOverwrite: true }))).toMatchObject({ code: 'FAILED' })
  })

  test('create replaces a file and takes values from another', async () => {
    const rrd = client({ persistent })
    const base = folder()
    const [file, next] = [join(base, 'a.rrd'), join(base, 'b.rrd')]
    await rrd.create(file, SMALL)
    await rrd.update(file, [`${START + 60}:7`])
    await rrd.create(next, { template: file, source: [file] })
    const { rows } = await rrd.fetch(next, { cf: 'AVERAGE', start: START, end: START + 59 })
    expect(rows[0]?.values).toEqual([7])
    await rrd.create(file, SMALL)
    expect(await rrd.last(file)).toBe(START)
  })

  test.each([
    ['an empty file name', (rrd: ReturnType<typeof client>) => rrd.last('')],
    ['NUL in a file name', (rrd: ReturnType<typeof client>) => rrd.last('a\0b')],
    ['NUL in an argument', (rrd: ReturnType<typeof client>) => rrd.update('/nonexistent', ['1:1\0'])],
    ['no readings', (rrd: ReturnType<typeof client>) => rrd.update('/nonexistent', [])],
    [
      'a time that is none',
      (rrd: ReturnType<typeof client>) => rrd.fetch('/nonexistent', { cf: 'AVERAGE', start: Number.NaN }),
    ],
    [
      'a timeout that is none',
      (rrd: ReturnType<typeof client>) => rrd.last('/nonexistent', {}, { timeout: -1 }),
    ],
    [
      'an option of graph that is none',
      (rrd: ReturnType<typeof client>) => rrd.graph('/x.png', { 'a b': 1 }, []),
    ],
    [
      'a daemon that is no address',
      (rrd: ReturnType<typeof client>) => rrd.last('/nonexistent', { daemon: '' }),
    ],
    [
      'an XML file that is not named',
      (rrd: ReturnType<typeof client>) => rrd.restore(undefined as never, '/nonexistent'),
    ],
    ['no daemon to flush', (rrd: ReturnType<typeof client>) => rrd.flushcached('/nonexistent')],
  ])('%s is BAD_ARGUMENT, and nothing is started', async (_, call) => {
    const rrd = client({ persistent, path: '/nonexistent/rrdtool' })
    expect(await failure(call(rrd))).toMatchObject({ code: 'BAD_ARGUMENT' })
  })
})
