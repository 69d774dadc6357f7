import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { formatsOf, parseConfig, readCounters, reconcile } from '../../src/index.ts'
import { LossCollector } from '../../src/loss/index.ts'
import { toldLosses, toldOf } from '../../src/reconcile/told-losses.ts'
import { Random } from '../live/random.ts'
import { httpLine } from '../support/http-lines.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('told')
afterAll(() => scratch[Symbol.dispose]())
function file(name: string, content: string): string {
  writeFileSync(scratch.file(name), content, 'latin1')
  return scratch.file(name)
}

const report = (lines: number, second: number): string =>
  `Nov 21 10:00:${String(second).padStart(2, '0')} lb1 rsyslogd: imuxsock[pid: 7, name: haproxy]: ${lines} messages lost due to rate-limiting (50 allowed within 5 seconds)\n`

describe('of several frontends', () => {
  function collector(): LossCollector {
    const logs = new LossCollector()
    for (let line = 0; line < 100; line++)
      logs.line(
        { frontend: line % 4 === 0 ? 'api' : 'web', bytesOut: 100, instant: 1000 + line, partial: false },
        { pid: 7 },
      )
    logs.message(
      'imuxsock[pid: 7, name: haproxy]: 20 messages lost due to rate-limiting (1 allowed within 1 seconds)',
      'messages',
      1050,
    )
    return logs
  }

  test('a loss of any of them is likely of each by its lines, and perhaps of one alone', () => {
    const told = toldLosses({ logs: collector() }, {})
    expect(told?.lines).toEqual({ low: 20, estimate: 20, high: 20 })
    expect(told && toldOf(told, 'api', 0.25)?.lines).toEqual({ low: 0, estimate: 5, high: 20 })
    expect(told && toldOf(told, 'web', 0.75)?.bytes).toMatchObject({ low: 0, estimate: 1500 })
    // Lines that tell no frontend are of one.
    expect(told && toldOf(told, undefined, 1)?.lines).toEqual({ low: 20, estimate: 20, high: 20 })
  })

  test('what HAProxy dropped itself is told too, and nothing of another time', () => {
    const dropped = toldLosses({ logs: new LossCollector() }, { dropped: 3n })
    expect(dropped).toMatchObject({ lines: { low: 3, high: 3 }, entries: [{ evidence: 'dropped-logs' }] })
    expect(dropped?.bytes.kind).toBe('unknown')
    expect(toldLosses({ logs: collector() }, { since: 60_000 })).toBeUndefined()
  })
})

/** Of a real HAProxy, with the bytes that its clients received. */
const RECORDED = join(import.meta.dirname, '../readme/recorded')
const read = (name: string): string => readFileSync(join(RECORDED, name), 'latin1')
const config = parseConfig(read('haproxy.cfg'))
const received = BigInt(read('received.csv').trim().split(',').at(-1) as string)
const whole = read('haproxy.log').split(/(?<=\n)/)

describe('no counters, only what clients received', () => {
  const wire = [{ frontend: 'shop', bytesOut: received }]
  const without = (...numbers: number[]): string =>
    file('lossy.log', whole.filter((_, at) => !numbers.includes(at)).join(''))

  test('numbers of %lc tell how many are missing; what they held closes the gap, as often as 95 % are', async () => {
    const random = new Random(3)
    let closed = 0
    for (let trial = 0; trial < 40; trial++) {
      // The first and the last have the numbers at the ends, of which nobody knows that they are missing.
      const gone = new Set<number>()
      while (gone.size < 7) gone.add(1 + random.below(whole.length - 2))
      const found = await reconcile(without(...gone), { config, formats: formatsOf(config), wire })
      expect(found).toMatchObject({ lost: true, told: { lines: { low: 7, high: 7 } } })
      const [shop] = found.wire
      expect(shop?.out.causes.map(({ code }) => code)).toEqual(expect.arrayContaining(['lost', 'syntax']))
      expect(shop?.out.causes.map(({ code }) => code)).not.toContain('unexplained')
      if (shop?.closed) closed++
    }
    expect(closed).toBeGreaterThanOrEqual(36)
  })

  test('more is missing than such lines hold: it does not close', async () => {
    const more = [{ frontend: 'shop', bytesOut: received * 3n }]
    const found = await reconcile(without(30, 31, 32), { config, formats: formatsOf(config), wire: more })
    expect(found.wire[0]?.closed).toBe(false)
  })
})

describe('a report of the log daemon', () => {
  const row = (requests: number, bytes: number): string =>
    `Version: 2.6.12\nPid: 7\nUptime_sec: ${requests + 10}\n\n# pxname,svname,scur,stot,bin,bout,req_tot,mode,\nweb,FRONTEND,0,0,0,${bytes},${requests},http,\n`
  const log = Array.from({ length: 40 }, (_, second) => httpLine({ second, bytes: 100 })).join('')
  const counters = (requests: number) => ({
    before: readCounters(row(0, 0)),
    after: readCounters(row(requests, requests * 100)),
  })

  test.each<[string, string, readonly string[], number, { low: number; high?: number }]>([
    ['in the log itself', log + report(9, 50), [], 49, { low: 9, high: 9 }],
    ['in a file of its own', log, [report(9, 50)], 49, { low: 9, high: 9 }],
    ['in two of them counts once', log + report(9, 50), [report(9, 50)], 49, { low: 9, high: 9 }],
    ['tells the least, counters the most', log, [report(4, 50)], 49, { low: 4, high: 9 }],
    ['of more messages than requests is of others too', log, [report(400, 50)], 49, { low: 9, high: 9 }],
    ['where nothing is missing is of others', log, [report(9, 50)], 40, { low: 0, high: 0 }],
  ])('%s', async (_, text, syslog, requests, lostLines) => {
    const files = syslog.map((one, at) => file(`messages${at}`, one))
    const found = await reconcile(file('log', text), { ...counters(requests), syslog: files })
    const [web] = found.proxies
    expect(web?.lostLines).toEqual(lostLines)
    expect(found.lost).toBe(lostLines.low > 0)
    const missing = BigInt(requests * 100 - 4000)
    expect(web?.out.causes).toEqual(
      missing === 0n ? [] : [{ code: 'lost', kind: 'exact', value: missing, low: missing, high: missing }],
    )
  })

  test('parts what is lost from what could not be read', async () => {
    const cut = httpLine({ second: 41 }).slice(0, 90)
    const found = await reconcile(file('log', `${log}${cut}\n`), {
      ...counters(50),
      syslog: [file('messages', report(9, 50))],
    })
    expect(found.proxies[0]?.out.causes).toMatchObject([
      { code: 'unread', value: 100n, low: 0n },
      { code: 'lost', value: 900n, low: 0n },
    ])
  })
})
