import type { Scenario } from '../scenario.ts'
import { nodeLike } from './origin-script.ts'

const origin = { script: nodeLike }

const get =
  (tls: boolean, ...paths: readonly string[]): Scenario['client'] =>
  async (drive) => {
    const connection = await drive.openH2({ tls })
    for (const path of paths) await connection.request(path)
  }

const h2c = (size: number, B: number): Scenario => ({
  name: `h2c-${size}`,
  bind: 'proto h2',
  origin,
  client: get(false, `/cl/${size}`),
  lines: 1,
  page: { B },
})

/** HTTP/2 to the client; to the server HAProxy speaks HTTP/1. */
export const H2: readonly Scenario[] = [
  {
    name: 'h2-tls',
    bind: 'ssl crt site.pem alpn h2,http/1.1',
    origin,
    client: get(true, '/cl/1000'),
    lines: 1,
    page: { B: 1143, serverSent: 1172 },
  },
  h2c(0, 140),
  h2c(1000, 1143),
  h2c(100_000, 100_145),
  h2c(1_000_000, 1_000_146),
  {
    name: 'h2c-3-streams',
    bind: 'proto h2',
    origin,
    client: get(false, '/cl/200', '/cl/200', '/cl/200'),
    lines: 3,
    page: { B: 3 * 342 },
  },
]
