import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Measured, messageText } from './measured.ts'
import { type Rig, startRig } from './rig.ts'
import type { PageRow, Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig(SCENARIOS, { logFormat: 'B=%B U=%U' })
})
afterAll(() => rig?.stop())

const done = new Map<string, Promise<Measured>>()
const measure = (name: string): Promise<Measured> => {
  const known = done.get(name) ?? rig.run(name)
  done.set(name, known)
  return known
}

const logged = ({ lines }: Measured, name: 'B' | 'U'): number =>
  lines.reduce((sum, line) => sum + Number(messageText(line).match(`${name}=\\+?(\\d+)`)?.[1]), 0)

const rowOf = (measured: Measured): Required<PageRow> => ({
  B: logged(measured, 'B'),
  U: logged(measured, 'U'),
  clientReceived: measured.client.wire.received,
  clientSent: measured.client.wire.sent,
  serverSent: measured.server.wire.sent,
  serverReceived: measured.server.wire.received,
})

describe.each(SCENARIOS)('$name', (scenario: Scenario) => {
  test('has the bytes of the measured table', async () => {
    const measured = await measure(scenario.name)
    expect(measured.lines).toHaveLength(scenario.lines)
    expect(rowOf(measured)).toMatchObject({ ...scenario.page, ...scenario.measured })
  })

  test('is logged as the frontend counts it', async () => {
    const measured = await measure(scenario.name)
    const { bin, bout } = measured.frontend
    // Logged before the end: the counters have it all.
    if (scenario.name === 'logasap') expect([bin, bout]).toEqual([72, 100_145])
    // In the counters and in no line.
    else if (scenario.name === 'monitor-uri') expect([bin, bout]).toEqual([66, 150])
    else expect([bin, bout]).toEqual([logged(measured, 'U'), logged(measured, 'B')])
  })
})

/** Where HAProxy's own wire counters differ from the sockets, as frontend in, out, backend in, out; else they are equal. */
const WIRE_DIFFERENCES: Readonly<Record<string, readonly [number, number, number, number]>> = {
  // Written to a client that was gone.
  'connect-close': [0, 207, 0, 0],
  'connect-close-dontlognull': [0, 207, 0, 0],
  // A PROXY header is in no counter.
  'send-proxy-http': [0, 0, 0, -44],
  'send-proxy-v2-http': [0, 0, 0, -28],
  'accept-proxy': [-38, 0, 0, 0],
  'accept-proxy-v2': [-28, 0, 0, 0],
}

/** What the kernel still held when HAProxy broke off is on the sockets and not in HAProxy. */
const BROKEN_OFF = new Set(['client-aborts', 'early-hints-together'])

const isHttp1 = (scenario: Scenario): boolean =>
  scenario.mode !== 'tcp' && !scenario.name.startsWith('h2') && !BROKEN_OFF.has(scenario.name)

test.each(SCENARIOS.filter((one) => isHttp1(one) && one.name !== 'health-checks'))(
  'h1_bytes of $name are those of the sockets',
  async ({ name }) => {
    const { frontend, backend, client, server } = await measure(name)
    const differences = [
      (frontend.h1_bytes_in ?? 0) - client.plain.sent,
      (frontend.h1_bytes_out ?? 0) - client.plain.received,
      (backend.h1_bytes_in ?? 0) - server.plain.sent,
      (backend.h1_bytes_out ?? 0) - server.plain.received,
    ]
    expect(differences).toEqual(WIRE_DIFFERENCES[name] ?? [0, 0, 0, 0])
  },
)

describe('what has no fixed size', () => {
  test.each(['gzip-frontend', 'gzip-backend', 'gzip-offload', 'gzip-chunked'])(
    '%s: HAProxy counts what went in and out of the compression',
    async (name) => {
      const { frontend, backend, exchanges, client } = await measure(name)
      const counted = name === 'gzip-frontend' ? frontend : backend
      // One byte for the end of a chunked body.
      expect(counted.comp_in).toBe(100_000 + (name === 'gzip-chunked' ? 1 : 0))
      expect(counted.comp_rsp).toBe(1)
      expect(exchanges[0]?.request.start).toMatch(/^GET /)
      // Beside the compressed body there are headers and chunk framing.
      const beside = client.plain.received - (counted.comp_out ?? 0)
      expect(beside).toBeGreaterThan(200)
      expect(beside).toBeLessThan(300)
    },
  )

  test.each(['gzip-not-accepted', 'gzip-binary', 'gzip-head', 'gzip-http10'])(
    '%s: nothing is counted',
    async (name) => {
      const { frontend, backend } = await measure(name)
      for (const counters of [frontend, backend])
        expect([counters.comp_in, counters.comp_out, counters.comp_byp]).toEqual([0, 0, 0])
    },
  )

  test('an aborted download: the log has what HAProxy read, the client much less', async () => {
    const measured = await measure('client-aborts')
    const B = logged(measured, 'B')
    expect(measured.client.wire.received).toBeGreaterThan(100_000)
    expect(B).toBeGreaterThan(measured.client.wire.received)
    // A write that a reset breaks off says nothing of what the kernel took of it: the origin offered so much.
    expect(B).toBeLessThanOrEqual(20_000_000 + 200)
  })

  test('a line written at once has what sat in the first buffer', async () => {
    const measured = await measure('logasap')
    expect(messageText(measured.lines[0] ?? Buffer.alloc(0))).toMatch(/^B=\+\d+ U=0$/)
    expect(logged(measured, 'B')).toBeLessThanOrEqual(16_384 - 1024)
  })

  test.each([
    ['tls', 1148, 1],
    ['tls-1mib', 1_048_741, 65],
    ['tls-tcp', 1172, 1],
  ])('%s: TLS adds its handshake and 22 bytes a record', async (name, plain, records) => {
    const { client } = await measure(name)
    expect(client.plain.received).toBe(plain)
    const over = client.wire.received - plain
    expect(over).toBeGreaterThan(22 * records + 1000)
    expect(over).toBeLessThan(22 * records + 1500 + 22 * 10)
  })

  test('a resumed handshake with the server is shorter', async () => {
    const { server } = await measure('tls-to-server')
    const [full, resumed] = server.connections
    expect(full?.plain).toEqual(resumed?.plain)
    expect(full?.plain).toEqual({ sent: 1172, received: 63 })
    expect(resumed?.wire.sent).toBeLessThan((full?.wire.sent ?? 0) - 300)
  })

  test('the stats page is chunked; the log has it without framing', async () => {
    for (const name of ['stats-page', 'stats-csv']) {
      const measured = await measure(name)
      expect(measured.client.plain.received).toBeGreaterThan(logged(measured, 'B'))
    }
  })

  test('health checks are counted on the backend only, in its wire counters', async () => {
    const { frontend, backend, lines } = await measure('health-checks')
    expect(lines).toHaveLength(0)
    expect([frontend.bin, frontend.bout, backend.bin, backend.bout]).toEqual([0, 0, 0, 0])
    expect(backend.h1_bytes_in).toBeGreaterThan(0)
  })

  test('a websocket passes its frames unchanged, and is logged at its end', async () => {
    const measured = await measure('websocket')
    expect(measured.client.wire.received).toBe(logged(measured, 'B') - 3)
    expect(measured.server.wire.sent).toBe(measured.client.wire.received)
    expect(measured.server.wire.received).toBe(measured.client.wire.sent)
  })
})
