import { expect, test } from 'vitest'
import { messageText } from './measured.ts'
import { runMix } from './mix.ts'
import { EXACT_KINDS } from './mix-kinds.ts'
import { runScenario } from './rig.ts'
import type { RigOptions, Scenario } from './scenario.ts'
import { scenario } from './scenarios.ts'

// The recipe of haproxy.md 1.4, written down a second time and by hand: it proves that the rig's options reach
// HAProxy, and that the rows which are called exact are.

const isHttp = ({ mode }: Scenario): boolean => mode !== 'tcp'
const RECIPE: RigOptions = {
  logFormat: (one) =>
    isHttp(one)
      ? "it's %B %U nq0=%[var(txn.nq0)] nh0=%[var(txn.nh0)] rh0=%[var(txn.rh0)] nh1=%[var(txn.nh1)] rh1=%[var(txn.rh1)] %{+Q}r"
      : undefined,
  extraFrontend: (one) =>
    isHttp(one)
      ? [
          'http-request set-var(txn.nq0) req.fhdr_cnt',
          'http-after-response set-var(txn.rh1) res.hdrs,length',
          'http-after-response set-var(txn.nh1) res.fhdr_cnt',
        ]
      : [],
  extraBackend: (one) =>
    isHttp(one)
      ? ['http-response set-var(txn.rh0) res.hdrs,length', 'http-response set-var(txn.nh0) res.fhdr_cnt']
      : [],
}

const wireOf = (line: Buffer) => {
  const text = messageText(line)
  const [, B, U] = /^it's (\d+) (\d+) /.exec(text) ?? []
  const field = (name: string): number | undefined => {
    const value = new RegExp(`${name}=(\\d+)`).exec(text)?.[1]
    return value === undefined ? undefined : Number(value)
  }
  const [nh0, rh0, nh1, rh1] = [field('nh0'), field('rh0'), field('nh1') ?? 0, field('rh1') ?? 0]
  const added = nh0 === undefined || rh0 === undefined ? 4 * nh1 : 4 * nh0 + rh1 - rh0
  return {
    out: Number(B) - 15 + added,
    in: Number(U) - 15 + 4 * (field('nq0') ?? 0),
    id: Number(/[?]id=(\d+)/.exec(text)?.[1]),
  }
}

test.each([
  'get-1000',
  'get-0',
  'get-1mib',
  'head',
  'not-modified',
  'post',
  'keep-alive-3',
  'pipelined-2',
  'response-headers-set',
  'response-header-deleted',
  'cookie-inserted',
  'cookie-present',
  'forwardfor',
  'request-headers-added',
  'cached',
  'no-server',
  'redirect',
  'return',
  'retried',
])('%s: bytes on the client side follow from the line to 0 bytes', async (name) => {
  const { lines, client } = await runScenario(scenario(name), RECIPE)
  const wires = lines.map(wireOf)
  const sum = (of: 'in' | 'out'): number => wires.reduce((total, wire) => total + wire[of], 0)
  expect([sum('out'), sum('in')]).toEqual([client.wire.received, client.wire.sent])
})

test('so they do for each request of a mix', async () => {
  const { lines, truths } = await runMix({ ...RECIPE, requests: 500, seed: 11, kinds: EXACT_KINDS })
  const wires = new Map(lines.map((line) => [wireOf(line).id, wireOf(line)]))
  for (const { id, kind, received, sent } of truths) {
    const wire = wires.get(id)
    expect([kind, wire?.out, wire?.in]).toEqual([kind, received, sent])
  }
})

test('the configuration can be rewritten before it runs, and a line be wrapped otherwise', async () => {
  const { lines } = await runScenario(scenario('tcp'), {
    ...RECIPE,
    logLine: 'format rfc5424 local2',
    rewrite: (config) => config.replace('option tcplog', "log-format 'mine %B'"),
  })
  expect(lines.map(String)).toEqual([expect.stringMatching(/^<150>1 \S+ - haproxy \d+ - - mine 1143\n$/)])
})
