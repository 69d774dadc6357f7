import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentsOf } from '../schema/documents.ts'
import { haproxyBytes } from '../support/cli.ts'
import { httpLine } from '../support/http-lines.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch()
const run = (...args: string[]) => haproxyBytes(args, { cwd: scratch.path })
const BY = ['--by', 'frontend,client/24']
const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, n) =>
    httpLine({
      second: from + n,
      client: `192.0.${n % 5}.9`,
      frontend: n % 3 ? 'web' : 'api',
      bytes: n * 1_000_003,
    }),
  ).join('')
const OLD = lines(0, 400)
const NEW = lines(1000, 300)

function partial(name: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(...args, ...BY, '--partial')
  expect([status, stderr]).toEqual([0, ''])
  writeFileSync(scratch.file(name), stdout)
  return name
}
const merged = (...parts: string[]) => {
  const { status, stdout, stderr } = run('merge', ...parts, '--json')
  expect(status, stderr).toBe(0)
  return { ...documentsOf(stdout)[0], schema: 'total or merge', warnings: 'apart' }
}
const whole = (...logs: string[]) => ({
  ...documentsOf(run(...logs, ...BY, '--json').stdout)[0],
  schema: 'total or merge',
  warnings: 'apart',
})

beforeAll(() => {
  writeFileSync(scratch.file('old.log'), OLD)
  writeFileSync(scratch.file('new.log'), NEW)
  writeFileSync(scratch.file('old.log.gz'), gzipSync(OLD))
  writeFileSync(scratch.file('grown.log'), NEW + lines(2000, 50))
})
afterAll(() => scratch[Symbol.dispose]())

describe('shards come to the whole', () => {
  test.each([1, 2, 7])('of %i, in any order, a compressed log among them', (count) => {
    const logs = ['old.log.gz', 'new.log']
    const parts = Array.from({ length: count }, (_, n) =>
      partial(`s${n}`, ...logs, '--shard', `${n}/${count}`),
    )
    expect(merged(...parts.reverse())).toEqual(whole(...logs))
  })

  test('more of them than bytes: an empty one is a success', () => {
    writeFileSync(scratch.file('tiny.log'), httpLine())
    const { status, stdout } = run('tiny.log', '--shard', '998/999', '--json')
    expect([status, documentsOf(stdout)[0]?.groups]).toEqual([0, []])
    const parts = ['0/3', '1/3', '2/3'].map((shard, n) => partial(`t${n}`, 'tiny.log', '--shard', shard))
    expect(merged(...parts)).toEqual(whole('tiny.log'))
  })
})

describe('a log counts once', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['found again compressed', ['old.log', 'old.log.gz', 'new.log'], ['old.log', 'new.log']],
    ['found again grown', ['new.log', 'grown.log', 'old.log'], ['old.log', 'grown.log']],
  ])('%s', (_, logs, counted) => {
    const parts = logs.map((log, n) => partial(`o${n}`, log))
    expect(merged(...parts)).toEqual(whole(...counted))
    expect(merged(...parts.reverse())).toEqual(whole(...counted))
  })

  test('merged in steps it is the same', () => {
    const [a, b, c] = ['old.log', 'new.log', 'old.log.gz'].map((log, n) => partial(`p${n}`, log)) as [
      string,
      string,
      string,
    ]
    writeFileSync(scratch.file('ab'), run('merge', a, b, '--partial').stdout)
    expect(merged(c, 'ab', b)).toEqual(merged(a, b, c))
  })
})

test('from standard input, one after the other', () => {
  const parts = ['old.log', 'new.log'].map((log) => run(log, ...BY, '--partial').stdout)
  const { status, stdout } = haproxyBytes(['merge', '-', '--json'], { input: parts.join('') })
  expect(status).toBe(0)
  expect({ ...documentsOf(stdout)[0], schema: 'total or merge', warnings: 'apart' }).toEqual(
    whole('old.log', 'new.log'),
  )
})

test('a shard that is missing is told', () => {
  partial('one', 'old.log', '--shard', '0/3')
  partial('three', 'old.log', '--shard', '2/3')
  const [document] = documentsOf(run('merge', 'one', 'three', '--json').stdout)
  expect(document?.warnings).toMatchObject([{ code: 'log-incomplete', fields: { length: OLD.length } }])
})

describe('refused', () => {
  test.each<[string, () => string[], number, RegExp]>([
    [
      'parts that overlap in part',
      () => [partial('half', 'old.log', '--shard', '0/2'), partial('thirds', 'old.log', '--shard', '1/3')],
      2,
      /overlap in part[\s\S]*make them anew/,
    ],
    [
      'other spans of time',
      () => [partial('all', 'old.log'), partial('some', 'old.log', '--since', '2026-11-21T10:01')],
      2,
      /since:/,
    ],
    ['a log', () => ['old.log'], 6, /old\.log: a row/],
    ['what is not there', () => ['nosuch'], 6, /nosuch/],
  ])('%s', (_, parts, status, message) => {
    const ran = run('merge', ...parts())
    expect([ran.status, ran.stdout]).toEqual([status, ''])
    expect(ran.stderr).toMatch(message)
  })

  test('other keys', () => {
    partial('by-two', 'old.log')
    writeFileSync(scratch.file('by-none'), run('old.log', '--partial').stdout)
    expect(run('merge', 'by-two', 'by-none')).toMatchObject({ status: 2, stdout: '' })
  })
})
