import { request, transfer } from '../client.ts'
import type { Scenario } from '../scenario.ts'
import { hello, nodeLike, once } from './origin-script.ts'

const PROXY_LINE = 'PROXY TCP4 1.2.3.4 5.6.7.8 1111 2222\r\n'
const closing = once('/cl/1000', { fields: [['Connection', 'close']] })

const proxied = (name: string, mode: 'tcp' | 'http', version: 'v1' | 'v2'): Scenario => ({
  name,
  mode,
  origin: { script: hello, proxyHeader: version },
  server: version === 'v1' ? 'send-proxy' : 'send-proxy-v2',
  client: once('/cl/5'),
  lines: 1,
  // HTTP counts its own way: H of 43 bytes with one header is 54, of the request's 60 it is 67.
  page: {
    ...(mode === 'tcp' ? { B: 43, U: 60 } : { B: 54, U: 67 }),
    clientReceived: 43,
    serverSent: 43,
    clientSent: 60,
    serverReceived: version === 'v1' ? 104 : 88,
  },
})

/** The same in binary: signature, PROXY over TCP/IPv4, 12 bytes of addresses and ports. */
const PROXY_BINARY = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c', 'latin1'),
  Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 0x04, 0x57, 0x08, 0xae]),
])

const accepting = (name: string, header: string | Buffer): Scenario => ({
  name,
  bind: 'accept-proxy',
  origin: { script: nodeLike },
  client: async (drive) => {
    const connection = await drive.open()
    await connection.write(header)
    await transfer(connection, request('/cl/1000'))
  },
  lines: 1,
  page: { B: 1143, clientReceived: 1148, U: 70, clientSent: 63 + header.length, serverReceived: 63 },
})

/** TCP mode, and the PROXY protocol in both modes. */
export const TCP: readonly Scenario[] = [
  {
    name: 'tcp',
    mode: 'tcp',
    origin: { script: nodeLike },
    client: closing,
    lines: 1,
    page: { B: 1143, clientReceived: 1143, serverSent: 1143, U: 82, clientSent: 82, serverReceived: 82 },
  },
  {
    name: 'tcp-no-data',
    mode: 'tcp',
    origin: { script: nodeLike },
    client: async (drive) => {
      await drive.open()
    },
    lines: 1,
    page: { B: 0, clientReceived: 0, U: 0, clientSent: 0, serverReceived: 0 },
  },
  {
    name: 'tcp-no-data-dontlognull',
    mode: 'tcp',
    frontend: ['option dontlognull'],
    origin: { script: nodeLike },
    client: async (drive) => {
      await drive.open()
    },
    lines: 0,
  },
  proxied('send-proxy', 'tcp', 'v1'),
  proxied('send-proxy-v2', 'tcp', 'v2'),
  proxied('send-proxy-http', 'http', 'v1'),
  proxied('send-proxy-v2-http', 'http', 'v2'),
  accepting('accept-proxy', PROXY_LINE),
  accepting('accept-proxy-v2', PROXY_BINARY),
]
