import { request, transfer } from '../client.ts'
import type { Scenario } from '../scenario.ts'
import { nodeLike } from './origin-script.ts'

const origin = { script: nodeLike }
const getTls = (path: string): Scenario['client'] => {
  return async (drive) => {
    await transfer(await drive.open({ tls: {} }), request(path))
  }
}

/**
 * TLS 1.3 on either leg. The page's bytes of the handshake (1916 in all) are those of its certificate; what TLS
 * carries is held here, and what it costs is bounded by the records.
 */
export const ENCRYPTED: readonly Scenario[] = [
  {
    name: 'tls',
    bind: 'ssl crt site.pem',
    origin,
    client: getTls('/cl/1000'),
    lines: 1,
    page: { B: 1143, serverSent: 1172, U: 70, serverReceived: 63 },
  },
  {
    name: 'tls-1mib',
    bind: 'ssl crt site.pem',
    origin,
    client: getTls('/bin/1048576'),
    lines: 1,
    page: { B: 1_048_736 },
  },
  {
    name: 'tls-tcp',
    mode: 'tcp',
    bind: 'ssl crt site.pem',
    origin,
    client: getTls('/cl/1000'),
    lines: 1,
    page: { B: 1172, serverSent: 1172 },
  },
  {
    // Two connections to the server: a full handshake, then a resumed one.
    name: 'tls-to-server',
    origin: { script: nodeLike, tls: true },
    backend: ['http-reuse never'],
    server: 'ssl verify none',
    client: async (drive) => {
      await transfer(await drive.open(), request('/cl/1000'))
      await transfer(await drive.open(), request('/cl/1000'))
    },
    lines: 2,
    page: { B: 2 * 1143, clientReceived: 2 * 1148, U: 2 * 70, clientSent: 2 * 63 },
  },
]
