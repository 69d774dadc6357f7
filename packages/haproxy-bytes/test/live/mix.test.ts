import { beforeAll, expect, test } from 'vitest'
import { messageText } from './measured.ts'
import { type Mix, runMix } from './mix.ts'
import { MIX_KINDS } from './mix-kinds.ts'

const REQUESTS = 1000
let mix: Mix
beforeAll(async () => {
  mix = await runMix({ requests: REQUESTS, seed: 7, logFormat: 'B=%B U=%U rc=%rc %ST %b %HU' })
})

const logged = (line: Buffer) => {
  const [, B, U, rc, status, backend, id] =
    /^B=(\d+) U=(\d+) rc=\+?(\d+) (\d+) (\S+) \S*id=(\d+)$/.exec(messageText(line)) ?? []
  return { B: Number(B), U: Number(U), rc: Number(rc), status, backend, id: Number(id) }
}

test('each request has one line, of the backend of its kind and with its status', () => {
  const lines = new Map(mix.lines.map((line) => [logged(line).id, logged(line)]))
  expect(mix.lines).toHaveLength(REQUESTS)
  expect(lines.size).toBe(REQUESTS)
  for (const { id, kind, response, attempts } of mix.truths) {
    const line = lines.get(id)
    expect(line?.status).toBe(response.start.split(' ')[1])
    if (!['denied', 'redirected', 'returned'].includes(kind)) expect(line?.backend).toBe(`be_${kind}`)
    expect(line?.rc).toBe(Math.max(0, attempts - 1))
  }
})

test('all kinds occur, and none goes wrong', () => {
  expect(new Set(mix.truths.map(({ kind }) => kind)).size).toBe(MIX_KINDS.length)
  for (const { response } of mix.truths) expect(response.whole).toBe(true)
})

test('what each request cost adds up to what went over the sockets', () => {
  const sum = (of: (truth: Mix['truths'][number]) => number): number =>
    mix.truths.reduce((total, truth) => total + of(truth), 0)
  expect(sum(({ sent }) => sent)).toBe(mix.client.wire.sent)
  expect(sum(({ received }) => received)).toBe(mix.client.wire.received)
  expect(sum(({ serverSent }) => serverSent)).toBe(mix.server.wire.sent)
  expect(sum(({ serverReceived }) => serverReceived)).toBe(mix.server.wire.received)
})

test('HAProxy counts the same: its wire counters are the sockets, its bytes the log', () => {
  const frontend = mix.counters.fe_mix
  expect(frontend?.h1_bytes_out).toBe(mix.client.wire.received)
  expect(frontend?.h1_bytes_in).toBe(mix.client.wire.sent)
  const sum = (of: 'B' | 'U'): number => mix.lines.reduce((total, line) => total + logged(line)[of], 0)
  expect(frontend?.bout).toBe(sum('B'))
  expect(frontend?.bin).toBe(sum('U'))
  expect(frontend?.req_tot).toBe(REQUESTS)
})

test('the same seed asks the same', async () => {
  const again = await runMix({ requests: 50, seed: 7, connections: 3 })
  expect(again.truths.map(({ kind, sent }) => [kind, sent])).toEqual(
    mix.truths.slice(0, 50).map(({ kind, sent }) => [kind, sent]),
  )
})
