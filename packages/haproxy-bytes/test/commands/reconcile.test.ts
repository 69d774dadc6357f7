import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Mix, runMix } from '../live/mix.ts'
import { Random } from '../live/random.ts'
import { ADVISED_RIG, HTTP_FORMAT, lineReader } from '../model/advised.ts'
import { type Document, documentsOf, faultsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { snapshotText, writeMix } from './mix-files.ts'

const scratch = new Scratch('reconcile')
let mix: Mix
beforeAll(async () => {
  mix = await runMix({ ...ADVISED_RIG, requests: 1500, seed: 77 })
  writeMix(scratch, mix)
}, 60_000)
afterAll(() => scratch[Symbol.dispose]())

const COUNTERS = ['--before', 'before', '--after', 'after']
const CONFIG = ['--config', 'haproxy.cfg']

function reconcile(args: readonly string[], input?: Buffer) {
  const ran = haproxyBytes(['reconcile', ...args, '--json'], { cwd: scratch.path, ...(input && { input }) })
  const [document] = documentsOf(ran.stdout) as [Document]
  expect(faultsOf(document)).toEqual([])
  return { ...ran, document: document as unknown as ReconcileDocument }
}

interface Gap {
  readonly gap: number
  readonly counted: number
  readonly causes: readonly {
    readonly code: string
    readonly kind: string
    readonly value: number
    readonly low: number
    readonly high: number
  }[]
}
interface ReconcileDocument {
  readonly incomparable: readonly { readonly code: string }[]
  readonly lost: boolean
  readonly closed: boolean
  readonly proxies: readonly {
    readonly proxy: string
    readonly lines: number
    readonly lostLines: { low: number; high: number }
    readonly out: Gap
    readonly in: Gap
  }[]
  readonly wire: readonly {
    readonly out: Gap & { distance: number }
    readonly in: Gap & { distance: number }
  }[]
}

test('a whole log has every byte that HAProxy counted, and what clients received closes', () => {
  const { status, document, stderr } = reconcile(['log', ...CONFIG, ...COUNTERS, '--wire', 'wire.csv'])
  expect([status, stderr]).toEqual([0, ''])
  const [proxy] = document.proxies
  expect(proxy).toMatchObject({
    proxy: 'fe_mix',
    lines: 1500,
    lostLines: { low: 0, high: 0 },
    out: { counted: mix.counters.fe_mix?.bout, gap: 0, causes: [] },
    in: { counted: mix.counters.fe_mix?.bin, gap: 0, causes: [] },
  })
  // Its terms are all that lies between: nothing is left over, compression by the counters among them.
  for (const { gap, causes } of document.wire.flatMap(({ out, in: sent }) => [out, sent])) {
    expect(causes.reduce((sum, { value }) => sum + value, 0)).toBe(gap)
    expect(causes.map(({ code }) => code)).not.toContain('unexplained')
  }
  expect(document.wire[0]?.out.causes.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['syntax', 'rewritten', 'framing', 'compression']),
  )
})

test.each([1, 7, 300])(
  '%i lines deleted at random: their bytes are known to the byte, and their number',
  (count) => {
    const random = new Random(count)
    const kept = [...mix.lines]
    const read = lineReader(HTTP_FORMAT)
    const gone = { out: 0, in: 0 }
    for (let left = count; left > 0; left--) {
      const [line] = kept.splice(random.below(kept.length), 1) as [Buffer]
      const { bytesOut = 0, bytesIn = 0 } = read(line).transfer
      gone.out += bytesOut
      gone.in += bytesIn
    }
    const { status, document } = reconcile(['-', ...CONFIG, ...COUNTERS], Buffer.concat(kept))
    expect(status).toBe(4)
    const [proxy] = document.proxies
    expect(proxy?.lostLines).toEqual({ low: count, high: count })
    const lost = (value: number) =>
      value === 0 ? [] : [{ code: 'lost', kind: 'exact', value, low: value, high: value }]
    expect(proxy?.out.causes).toEqual(lost(gone.out))
    expect(proxy?.in.causes).toEqual(lost(gone.in))
  },
)

test('lines that are there twice are no loss, and no bill', () => {
  const { status, document } = reconcile(
    ['-', ...CONFIG, ...COUNTERS],
    Buffer.concat([...mix.lines, ...mix.lines.slice(0, 50)]),
  )
  expect([status, document.lost]).toEqual([1, false])
  expect(document.proxies[0]?.out.causes).toMatchObject([{ code: 'unexplained' }])
})

test('an exposition of Prometheus does as well as snapshots', () => {
  const { bout, bin, req_tot: requests, stot } = mix.counters.fe_mix ?? {}
  const sample = (name: string, value?: number): string =>
    `haproxy_frontend_${name}{proxy="fe_mix"} ${value}\n`
  const samples = [
    'haproxy_process_start_time_seconds 1000\n',
    sample('bytes_out_total', bout),
    sample('bytes_in_total', bin),
    sample('http_requests_total', requests),
    sample('sessions_total', stot),
  ]
  writeFileSync(scratch.file('metrics'), samples.join(''))
  const { status, document } = reconcile(['log', ...CONFIG, '--metrics', 'metrics'])
  // The process began in 1970, and the log later: only where nothing is missing can it be whole.
  expect([status, document.proxies[0]?.out.gap]).toEqual([0, 0])
  const less = reconcile(['-', ...CONFIG, '--metrics', 'metrics'], Buffer.concat(mix.lines.slice(9)))
  expect([less.status, less.document.incomparable.map(({ code }) => code)]).toEqual([5, ['not-covered']])
})

describe('exit codes, the worst of several', () => {
  const foreign = 'Nov 21 10:00:00 lb1 haproxy[1]: this is no line of a transfer at all\n'
  test.each<[string, number, readonly string[], () => Buffer]>([
    [
      'a gap within a tolerance of bytes',
      4,
      ['--tolerance', '100000000'],
      () => Buffer.concat(mix.lines.slice(3)),
    ],
    [
      'lines that nobody can read, above loss',
      3,
      [],
      () => Buffer.concat([...mix.lines.slice(3), Buffer.from(foreign)]),
    ],
    [
      'as many as are allowed',
      4,
      ['--max-bad', '1'],
      () => Buffer.concat([...mix.lines.slice(3), Buffer.from(foreign)]),
    ],
    ['only another proxy', 0, ['--proxy', 'other'], () => Buffer.concat(mix.lines.slice(3))],
  ])('%s', (_, code, args, input) => {
    expect(reconcile(['-', ...CONFIG, ...COUNTERS, ...args], input()).status).toBe(code)
  })

  test('another process is 5, above all of them', () => {
    const { pid: _, ...other } = { pid: 0, ...mix.before }
    writeFileSync(
      scratch.file('reloaded'),
      snapshotText({ ...other, info: { ...mix.before.info, Pid: '1' } }),
    )
    const { status, document } = reconcile(
      ['-', ...CONFIG, '--before', 'reloaded', '--after', 'after'],
      Buffer.from(foreign),
    )
    expect([status, document.incomparable.map(({ code }) => code)]).toEqual([5, ['other-process']])
  })

  test.each<[string, readonly string[]]>([
    ['nothing to compare', ['log']],
    ['--before alone', ['log', '--before', 'before']],
    ['two later counters', ['log', '--after', 'after', '--metrics', 'after']],
    ['a tolerance without a meaning', ['log', ...COUNTERS, '--tolerance', '1kg']],
    ['a report in place of an input', ['log', ...COUNTERS, '--junit', 'after']],
  ])('%s is wrong usage', (_, args) => {
    expect(haproxyBytes(['reconcile', ...args], { cwd: scratch.path }).status).toBe(2)
  })

  test.each<[string, readonly string[]]>([
    ['counters that are not there', ['log', '--before', 'before', '--after', 'nosuch']],
    ['counters that are none', ['log', '--before', 'before', '--after', 'log']],
    ['a socket that is not there', ['log', '--before', 'before', '--socket', './nosuch']],
    ['bytes that are none', ['log', ...COUNTERS, '--wire', 'haproxy.cfg']],
  ])('%s: 6', (_, args) => {
    const { status, stderr } = haproxyBytes(['reconcile', ...args], { cwd: scratch.path })
    expect([status, stderr]).toEqual([6, expect.stringMatching(/^haproxy-bytes: error: /)])
  })
})
