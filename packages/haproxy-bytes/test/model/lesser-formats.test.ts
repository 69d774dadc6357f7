import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Config, NO_FACTS, type ProxyFacts } from '../../src/config/index.ts'
import { modelFor, type WireFields, wireFields } from '../../src/model/index.ts'
import { type Rig, startRig } from '../live/rig.ts'
import type { Scenario } from '../live/scenario.ts'
import { SCENARIOS } from '../live/scenarios.ts'
import { ADVISED_RIG, configOf, factsOf, HTTP_FORMAT, lineReader, TCP_FORMAT } from './advised.ts'
import { MORE } from './more-scenarios.ts'

/** Which fields of the advised format a poorer one has; names as in the line. */
const FORMATS: Readonly<Record<string, (name: string) => boolean>> = {
  'option httplog': (name) => name === 'r',
  'without the request': () => false,
  'lengths of headers, by the names of old': (name) => /_(?:nq0|nh0|rh0|nh1|rh1)\)$|^r$/.test(name),
  'all but the compression': (name) => name !== 'res.comp',
  'all but the lengths of bodies': (name) => !/_[qr]l\)$/.test(name),
  'all but the length of the request': (name) => !/_qh0\)$/.test(name),
  'all but the version': (name) => !/^(?:HV|r)$/.test(name),
}

const LOGGED = [...SCENARIOS, ...MORE].filter(({ lines }) => lines > 0)
/** A client's Connection header is in no field. */
const UNSEEN: Readonly<Record<string, readonly [number, number]>> = {
  'client-closes': [19, 19],
  'keep-alive-said': [0, 24],
}
/** What only the configuration tells: a PROXY header, `option httpclose`, what becomes of a Connection header. */
const ONLY_CONFIGURED = new Set([
  'accept-proxy',
  'accept-proxy-v2',
  'frontend-httpclose',
  'connection-set',
  'length-deleted',
  'status-set',
])

let rig: Rig
let config: Config
beforeAll(async () => {
  rig = await startRig(LOGGED, ADVISED_RIG)
  config = configOf(rig.haproxy.config)
}, 60_000)
afterAll(() => rig?.stop())

describe.each(LOGGED)('$name', (scenario: Scenario) => {
  test('no format that says less gives a figure that is wrong', async () => {
    const { lines, client, frontendName } = await rig.run(scenario.name)
    const read = lineReader(scenario.mode === 'tcp' ? TCP_FORMAT : HTTP_FORMAT)
    const [closed, kept] = UNSEEN[scenario.name] ?? [0, 0]
    const truths = { out: client.plain.received - closed, in: client.plain.sent - kept }
    for (const [name, has] of Object.entries(FORMATS)) {
      const given = lines.map((line) => {
        const { transfer, text } = read(line)
        const fields: WireFields = wireFields((field) => (has(field) ? text(field) : undefined))
        return { transfer, fields, facts: factsOf(config, frontendName, transfer.backend) }
      })
      const configurations: (ProxyFacts | undefined)[] = ONLY_CONFIGURED.has(scenario.name)
        ? [undefined]
        : [undefined, NO_FACTS]
      for (const instead of configurations) {
        const wires = given.map(({ transfer, fields, facts }) =>
          modelFor('2.6.12').wire(transfer, fields, instead ?? facts),
        )
        for (const direction of ['out', 'in'] as const) {
          const low = wires.reduce((sum, wire) => sum + wire[direction].low, 0)
          const high = wires.reduce(
            (sum, wire) => sum + (wire[direction].high ?? Number.POSITIVE_INFINITY),
            0,
          )
          const isAround = low <= truths[direction] && truths[direction] <= high
          // Where compression can't be excluded, that it is assumed away is said.
          const isAssumed = wires.some((wire) =>
            wire[direction].assumes.some(({ code }) => code === 'no-compression'),
          )
          const where = `${name}, ${instead ? 'no' : 'with'} configuration, ${direction}`
          expect([where, isAround || isAssumed, truths[direction], low, high]).toEqual([
            where,
            true,
            truths[direction],
            low,
            high,
          ])
        }
      }
    }
  })
})
