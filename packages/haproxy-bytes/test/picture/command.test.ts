import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeMix } from '../commands/mix-files.ts'
import { type Mix, runMix } from '../live/mix.ts'
import { ADVISED_RIG } from '../model/advised.ts'
import { faultsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { FORMAT, lineOf, type NumberedLine, START, snapshotsOf, threeHours } from './logs.ts'

interface Interval {
  readonly from: string
  readonly to: string
  readonly requests: number
  readonly logged: number
  readonly wire: { readonly kind: string; readonly low: number; readonly high: number | null }
  readonly lossy: boolean
}
interface Counted {
  readonly from: string
  readonly to: string
  readonly logged: number
  readonly counted: number | null
  readonly sockets: number | null
  readonly incomparable: string | null
}
interface Chart {
  readonly gap: {
    readonly intervals: readonly Interval[]
    readonly counted: readonly Counted[]
    readonly lost: { readonly lines: { readonly low: number; readonly high: number } }
  }
  readonly waterfall: { readonly totals: object } | null
}

const scratch = new Scratch('haproxy-bytes-chart')
afterAll(() => scratch[Symbol.dispose]())

function chart(args: readonly string[], status = 0): Chart {
  const ran = haproxyBytes(['chart', ...args, '--json'], { cwd: scratch.path })
  expect(ran.status, ran.stderr).toBe(status)
  const document = JSON.parse(ran.stdout)
  expect(faultsOf(document)).toEqual([])
  return document
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

describe('three hours of which lines were lost', () => {
  const all = threeHours()
  const isLost = ({ number }: NumberedLine): boolean =>
    (number >= 3000 && number < 3200) || (number >= 7000 && number < 7010)
  const kept = all.filter((line) => !isLost(line))
  beforeAll(() => {
    writeFileSync(scratch.file('log'), kept.map(lineOf).join(''))
    writeFileSync(scratch.file('kept'), snapshotsOf(all, 60_000))
    const half = (at: number): number => (at < 5_400_000 ? 7 : 8)
    writeFileSync(scratch.file('reloaded'), snapshotsOf(all, 60_000, half))
  })
  const bytesBetween = (lines: readonly NumberedLine[], from: string, to: string): number => {
    const [start, end] = [Date.parse(from) - START, Date.parse(to) - START]
    return sum(lines.flatMap(({ at, bytes }) => (at >= start && at < end ? [bytes] : [])))
  }

  it('by regular intervals, without counters', () => {
    const { gap } = chart(['log', '--format', FORMAT, '-o', 'regular.svg'])
    expect(gap.intervals).toHaveLength(360)
    for (const { from, to, logged } of gap.intervals) expect(logged).toBe(bytesBetween(kept, from, to))
    expect(gap.lost.lines).toMatchObject({ low: 210, high: 210 })
    const lossy = gap.intervals.filter((one) => one.lossy)
    expect([lossy[0]?.from, lossy.at(-1)?.from]).toEqual([
      '2026-11-21T10:49:30.000Z',
      '2026-11-21T11:56:30.000Z',
    ])
    expect(gap.counted).toEqual([])
  })

  it('by snapshots, where there are many: what was counted less what was logged is what was lost', () => {
    const held = ['--before', 'kept', '--after', 'kept']
    const { gap } = chart(['log', '--format', FORMAT, ...held, '-o', 'kept.html'])
    expect(gap.intervals).toHaveLength(180)
    expect(gap.counted.map(({ from, to }) => [from, to])).toEqual(
      gap.intervals.map(({ from, to }) => [from, to]),
    )
    const lost = all.filter(isLost)
    for (const { from, to, logged, counted } of gap.counted)
      expect((counted ?? 0) - logged).toBe(bytesBetween(lost, from, to))
    expect(sum(gap.counted.map(({ counted }) => counted ?? 0))).toBe(sum(all.map(({ bytes }) => bytes)))
  })

  it('with a reload between: only the interval around it is not counted', () => {
    const held = ['--before', 'reloaded', '--after', 'reloaded']
    const { gap } = chart(['log', '--format', FORMAT, ...held, '-o', 'reloaded.svg'])
    const without = gap.counted.filter(({ counted }) => counted === null)
    expect(without).toMatchObject([{ from: '2026-11-21T11:29:00.000Z', incomparable: 'other-process' }])
  })

  it('of a span of time', () => {
    const span = ['--since', '2026-11-21T10:30', '--until', '2026-11-21T11:00']
    const { gap } = chart(['log', '--format', FORMAT, ...span, '-o', 'span.svg'])
    expect(sum(gap.intervals.map(({ requests }) => requests))).toBe(1600)
    expect(gap.lost.lines).toMatchObject({ low: 200, high: 200 })
  })

  it('ends with 5 where no counters can be held against it', () => {
    const [first = '', ...others] = snapshotsOf(all, 60_000).trimEnd().split('\n')
    writeFileSync(scratch.file('one'), `${first}\n`)
    writeFileSync(scratch.file('other'), `${(others.at(-1) ?? '').replace('"pid":7', '"pid":9')}\n`)
    const held = ['--before', 'one', '--after', 'other']
    const { gap } = chart(['log', '--format', FORMAT, ...held, '-o', 'other.svg'], 5)
    expect(gap.counted).toMatchObject([{ incomparable: 'other-process' }])
  })
})

describe('a mix that went through HAProxy', () => {
  let mix: Mix
  beforeAll(async () => {
    mix = await runMix({ ...ADVISED_RIG, requests: 300, seed: 5 })
    writeMix(scratch, mix)
    writeFileSync(scratch.file('mix.log'), Buffer.concat(mix.lines))
  }, 60_000)
  const held = ['mix.log', '--config', 'haproxy.cfg', '--before', 'before', '--after', 'after']

  it('the band holds what went over the sockets, and counters that tell no time hold the lines', () => {
    const { gap } = chart([...held, '-o', 'mix.html'])
    const { received } = mix.client.wire
    expect(sum(gap.intervals.map(({ wire }) => wire.low))).toBeLessThanOrEqual(received)
    const highs = gap.intervals.map(({ wire }) => wire.high ?? Number.POSITIVE_INFINITY)
    expect(sum(highs)).toBeGreaterThanOrEqual(received - 43 * 300)
    expect(gap.counted).toHaveLength(1)
    expect(gap.counted[0]).toMatchObject({ sockets: received, incomparable: null })
    expect(gap.counted[0]?.counted).toBe(gap.counted[0]?.logged)
  })

  it('a waterfall says what explain says', () => {
    const { waterfall } = chart([...held, '--kind', 'waterfall', '-o', 'mix.svg'])
    const explained = haproxyBytes(['explain', ...held, '--json'], { cwd: scratch.path })
    expect(waterfall?.totals).toEqual(JSON.parse(explained.stdout).totals)
    expect(readFileSync(scratch.file('mix.svg'), 'utf8')).toMatch(/^<\?xml .*<svg .*<\/svg>\n$/s)
  })
})

it('draws of nothing that there is nothing', () => {
  writeFileSync(scratch.file('empty'), '')
  const { gap } = chart(['empty', '-o', 'empty.html'])
  expect(gap.intervals).toEqual([])
  expect(readFileSync(scratch.file('empty.html'), 'utf8')).toContain('No line of these logs')
  chart(['empty', '-o', 'empty.svg'])
  chart(['empty', '--kind', 'waterfall', '-o', 'empty.svg'])
  chart(['empty', '--kind', 'waterfall', '-o', 'empty.html'])
})

it.each([
  [
    '--syslog',
    'Nov 21 10:00:30 lb1 rsyslogd-2177: imuxsock lost 12 messages from pid 7 due to rate-limiting\n',
  ],
  [
    '--journal',
    '__REALTIME_TIMESTAMP=1795255230000000\nSYSLOG_IDENTIFIER=systemd-journald\nMESSAGE=Suppressed 12 messages from haproxy.service\n\n',
  ],
])('what %s tells of lost lines is in the picture', (option, report) => {
  const plain = threeHours().slice(0, 60).map(lineOf)
  writeFileSync(scratch.file('plain'), plain.join('').replaceAll(/ lc=\d+/g, ''))
  writeFileSync(scratch.file('told'), report)
  const log = ['plain', '--format', FORMAT.replace(' lc=%lc', '')]
  const { gap } = chart([...log, option, 'told', '-o', 'told.svg'])
  expect(gap.lost.lines).toMatchObject({ low: 12, high: 12 })
  expect(gap.intervals.filter(({ lossy }) => lossy).length).toBeGreaterThan(0)
  chart([...log, option, 'nosuch', '-o', 'told.svg'], 6)
})

it.each([
  [['empty', '-o', 'gap.png'], /must end in \.svg or \.html/],
  [['empty'], /--output/],
  [['empty', '-o', 'gap.svg', '--kind', 'pie'], /gap, waterfall/],
  [['empty', '-o', 'gap.svg', '--before', 'empty'], /go together/],
  [['empty.html', '-o', 'empty.html'], /is an input/],
  [['empty', '-o', 'empty.html', '--journal', 'empty.html'], /is an input/],
  [['empty', '-o', 'gap.svg', '--kind', 'waterfall', '--syslog', 'empty'], /only the gap/],
])('chart %j is wrong usage', (args, text) => {
  const ran = haproxyBytes(['chart', ...args], { cwd: scratch.path })
  expect([ran.status, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toMatch(text)
  expect(existsSync(scratch.file('gap.svg'))).toBe(false)
})
