import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { formatsOf, ledger, parseConfig, readCounters, reconcile } from '../../src/index.ts'
import { Scratch } from '../support/scratch.ts'

/** Of a real HAProxy, with the bytes that its clients received. */
const RECORDED = join(import.meta.dirname, '../readme/recorded')
const read = (name: string): string => readFileSync(join(RECORDED, name), 'latin1')
const LOG = join(RECORDED, 'haproxy.log')
const config = parseConfig(read('haproxy.cfg'))
const held = {
  config,
  formats: formatsOf(config),
  before: readCounters(read('before')),
  after: readCounters(read('after')),
}
const received = BigInt(read('received.csv').trim().split(',').at(-1) as string)

const scratch = new Scratch()
afterAll(() => scratch[Symbol.dispose]())
const lines = read('haproxy.log').split(/(?<=\n)/)
const lossy = scratch.file('lossy.log')
writeFileSync(lossy, [...lines.slice(0, 30), ...lines.slice(37)].join(''), 'latin1')

test('a whole log tallies with counters and with what clients received', async () => {
  const found = await reconcile(LOG, { ...held, wire: [{ frontend: 'shop', bytesOut: received }] })
  expect(found).toMatchObject({ closed: true, lost: false, incomparable: [], outside: 0 })
  expect(found.proxies.map(({ name }) => name.proxy)).toEqual(['shop'])
  expect(found.wire).toHaveLength(1)
})

test('one that lost lines does not, and the ledger has them', async () => {
  expect(await reconcile(lossy, held)).toMatchObject({ closed: false, lost: true })
  const { lines: lost, complete, arrived } = await ledger(lossy, held)
  expect([lost, complete, arrived]).toEqual([{ low: 7, high: 7, estimate: 7 }, true, lines.length - 7])
})

test('without evidence there is no figure', async () => {
  const plain = scratch.file('plain.log')
  writeFileSync(plain, '100 200\n50 200\n')
  const { kind, ...rest } = await ledger(plain, {
    formats: formatsOf(parseConfig('frontend a\n log-format "%B %ST"\n')),
  })
  expect([kind, rest.lines]).toEqual(['unknown', undefined])
})
