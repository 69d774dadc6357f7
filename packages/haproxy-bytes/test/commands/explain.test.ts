import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatSnapshotLine, readCounters, type Snapshot } from '../../src/counters/index.ts'
import { type Mix, runMix } from '../live/mix.ts'
import { type Rig, startRig } from '../live/rig.ts'
import { SCENARIOS } from '../live/scenarios.ts'
import { ADVISED_RIG } from '../model/advised.ts'
import { documentsOf, faultsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { snapshotText, writeMix } from './mix-files.ts'

interface Range {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly kind: string
}
interface Step extends Range {
  readonly code: string
}
interface Explained {
  readonly requests: number
  readonly wire: { readonly out: Range & { assumes: { code: string; bytes: number }[] }; readonly in: Range }
  readonly waterfall: { readonly out: readonly Step[]; readonly in: readonly Step[] }
  readonly counted: { readonly out: number; readonly in: number } | null
}
interface ExplainDocument {
  readonly totals: Explained
  readonly groups: readonly (Explained & { readonly key: { readonly frontend: string } })[]
}

const scratch = new Scratch('explain')
afterAll(() => scratch[Symbol.dispose]())

function run(args: readonly string[]): ExplainDocument {
  const { status, stdout, stderr } = haproxyBytes([...args, '--json'], { cwd: scratch.path })
  expect([status, stderr]).toEqual([0, ''])
  const [document] = documentsOf(stdout) as [never]
  expect(faultsOf(document)).toEqual([])
  return document
}

const stepOf = ({ waterfall }: Explained, code: string): Step | undefined =>
  waterfall.out.find((step) => step.code === code)

describe('a random mix', () => {
  let mix: Mix
  beforeAll(async () => {
    mix = await runMix({ ...ADVISED_RIG, requests: 800, seed: 31 })
    writeMix(scratch, mix)
  }, 60_000)

  test('each waterfall adds up, holds what went over the sockets, and says what HAProxy counted there', () => {
    const { totals } = run([
      'explain',
      'log',
      '--config',
      'haproxy.cfg',
      '--before',
      'before',
      '--after',
      'after',
    ])
    const { received, sent } = mix.client.wire
    expect(totals).toMatchObject({ requests: 800, counted: { out: received, in: sent } })
    for (const [direction, truth] of [
      ['out', received],
      ['in', sent],
    ] as const) {
      const steps = totals.waterfall[direction]
      const wire = steps.find(({ code }) => code === 'wire') as Step
      const terms = steps.filter(({ code }) => code !== 'wire')
      expect(terms.reduce((sum, { value }) => sum + value, 0)).toBe(wire.value)
      expect(totals.wire[direction]).toMatchObject({ value: wire.value, low: wire.low, high: wire.high })
      // Of clients that close, or say that they keep alive, no field tells.
      expect(wire.low).toBeLessThanOrEqual(truth)
      expect(wire.high).toBeGreaterThanOrEqual(truth - 43 * 800)
      expect(Math.abs(wire.value - truth) / truth).toBeLessThan(0.005)
    }
  })

  test('counters tell nothing of lines beside them, nor of a part of the log', () => {
    const text = Buffer.concat(mix.lines).toString('latin1')
    writeFileSync(
      scratch.file('more'),
      text + text.slice(0, text.indexOf('\n') + 1).replace(/[A-Z][a-z]{2} \d\d/, 'Jan 01'),
    )
    const between = readCounters(snapshotText(mix.before))[0] as Snapshot
    const later = readCounters(snapshotText(mix.after))[0] as Snapshot
    const now = Date.now()
    writeFileSync(scratch.file('from'), `${formatSnapshotLine({ ...between, time: now - 3_600_000 })}\n`)
    writeFileSync(scratch.file('to'), `${formatSnapshotLine({ ...later, time: now + 3_600_000 })}\n`)
    const counters = ['--before', 'from', '--after', 'to', '--config', 'haproxy.cfg']
    const inside = haproxyBytes(['explain', 'log', ...counters], { cwd: scratch.path })
    expect([inside.status, inside.stderr]).toEqual([0, ''])
    const { status, stderr } = haproxyBytes(['explain', 'more', ...counters], { cwd: scratch.path })
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/1 transfer ended outside.*\[counters-beside\]/),
    ])
    const spanned = haproxyBytes(['explain', 'log', ...counters, '--since', '@1'], { cwd: scratch.path })
    expect(spanned.status).toBe(2)
  })

  test('total --exact has the same figures, by any key', () => {
    const { groups } = run(['log', '--config', 'haproxy.cfg', '--exact', '--by', 'backend']) as unknown as {
      groups: readonly (Pick<Explained, 'wire'> & { key: { backend: string }; requests: number })[]
    }
    for (const name of ['headers', 'cookie', 'binary', 'plain']) {
      const truths = mix.truths.filter(({ kind }) => kind === name)
      const received = truths.reduce((sum, truth) => sum + truth.received, 0)
      const group = groups.find(({ key }) => key.backend === `be_${name}`)
      expect(group?.wire.out).toMatchObject({ kind: 'exact', value: received, low: received, high: received })
    }
  })

  test('without a field of it, --exact bounds and does not fail', () => {
    const format = '%ci:%cp %f %b/%s %ST %B %U %tsc'
    const lines = mix.lines.map((line) => line.toString('latin1').replace(/ \d+ method=.*$/m, ''))
    writeFileSync(scratch.file('plain'), lines.join(''))
    const { totals } = run(['plain', '--exact', '--format', format])
    expect(totals.requests).toBe(800)
    expect(totals.wire.out.low).toBeLessThanOrEqual(mix.client.wire.received)
  })
})

describe('what rules do', () => {
  const NAMES = [
    'response-headers-set',
    'response-header-deleted',
    'hsts',
    'cookie-inserted',
    'gzip-frontend',
    'tls',
  ]
  const chosen = SCENARIOS.filter(({ name }) => NAMES.includes(name))
  let rig: Rig
  beforeAll(async () => {
    rig = await startRig(chosen, ADVISED_RIG)
    writeFileSync(scratch.file('rules.cfg'), rig.haproxy.config)
  }, 60_000)
  afterAll(() => rig?.stop())

  async function explained(name: string) {
    const measured = await rig.run(name)
    writeFileSync(scratch.file(name), Buffer.concat(measured.lines))
    writeFileSync(scratch.file('rules.before'), snapshotText(measured.before))
    writeFileSync(scratch.file('rules.after'), snapshotText(measured.after))
    const counters = ['--before', 'rules.before', '--after', 'rules.after']
    const { groups } = run(['explain', name, '--config', 'rules.cfg', ...counters])
    return { measured, group: groups[0] as Explained }
  }

  const exactly = (bytes: number) => ({ kind: 'exact', value: bytes, low: bytes, high: bytes })

  test.each<[string, Readonly<Record<string, number>>]>([
    // x-test: 0123456789, and server: hap in place of none
    ['response-headers-set', { added: 33 }],
    ['response-header-deleted', { deleted: -20 }],
    ['hsts', { added: 73, deleted: -20 }],
    ['cookie-inserted', { cookies: 28 }],
  ])('%s: each by itself, to the byte', async (name, expected) => {
    const { measured, group } = await explained(name)
    for (const code of ['added', 'deleted', 'cookies'] as const) {
      const bytes = expected[code]
      if (bytes === undefined) expect(stepOf(group, code)).toBeUndefined()
      else expect(stepOf(group, code)).toMatchObject(exactly(bytes))
    }
    expect(stepOf(group, 'wire')).toMatchObject(exactly(measured.client.wire.received))
  })

  test('compression is what the counters say', async () => {
    const { measured, group } = await explained('gzip-frontend')
    const { received } = measured.client.wire
    expect(stepOf(group, 'wire')?.low).toBeLessThanOrEqual(received)
    expect(stepOf(group, 'wire')?.high).toBeGreaterThanOrEqual(received)
    expect(stepOf(group, 'compression')?.value).toBeLessThan(-95_000)
  })

  test('TLS is estimated, and the figure above it exact', async () => {
    const { measured, group } = await explained('tls')
    expect(stepOf(group, 'wire')).toMatchObject(exactly(measured.client.plain.received))
    const socket = stepOf(group, 'socket') as Step
    expect(socket.kind).toBe('estimated')
    expect(socket.low).toBeLessThanOrEqual(measured.client.wire.received)
    expect(socket.high).toBeGreaterThanOrEqual(measured.client.wire.received)
  })
})
