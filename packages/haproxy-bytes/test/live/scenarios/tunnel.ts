import { request, transfer } from '../client.ts'
import type { Connection } from '../connection.ts'
import type { Scenario } from '../scenario.ts'

const UPGRADE = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['Sec-WebSocket-Version', '13'],
] as const

const SWITCHED = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  '\r\n',
].join('\r\n')

const PAYLOAD = 50

/** A text frame of 50 bytes; a client's is masked (here with zeroes, which RFC 6455 doesn't forbid in a test). */
const frame = (masked: boolean): Buffer =>
  Buffer.concat([
    Buffer.from([0x81, PAYLOAD | (masked ? 0x80 : 0)]),
    Buffer.alloc(masked ? 4 : 0),
    Buffer.alloc(PAYLOAD, 'w'),
  ])

const echo = async (connection: Connection): Promise<void> => {
  while ((await connection.reader.exactly(frame(true).length)).length > 0)
    await connection.write(frame(false))
  await connection.end()
}

/** A websocket: three frames of 50 bytes there, and back. */
export const TUNNEL: readonly Scenario[] = [
  {
    name: 'websocket',
    origin: { script: () => ({ pieces: [SWITCHED] }), upgraded: echo },
    client: async (drive) => {
      const connection = await drive.open()
      await transfer(connection, request('/ws', { fields: UPGRADE }))
      for (let turn = 0; turn < 3; turn++) {
        await connection.write(frame(true))
        await connection.reader.exactly(frame(false).length)
      }
    },
    lines: 1,
  },
]
