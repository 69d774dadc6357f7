import { describe, expect, test } from 'vitest'
import { type LoggedTransfer, Signatures, type WireFields, wireFields } from '../../src/model/index.ts'
import { Random } from '../live/random.ts'

const request = (uri: string, method = 'GET'): WireFields =>
  wireFields((name) => (name === 'r' ? `${method} ${uri} HTTP/1.1` : undefined))
const GET = { status: 200, state: '----', server: 's1', partial: false } as const

describe('a line with %U', () => {
  const long = `/${'a'.repeat(200)}`
  test.each<[string, Partial<LoggedTransfer>, WireFields, boolean]>([
    ['%U is shorter than its request line, %B is not', { bytesOut: 280, bytesIn: 122 }, request(long), true],
    ['both have room for it', { bytesOut: 280, bytesIn: 281 }, request(long), false],
    ['neither has', { bytesOut: 122, bytesIn: 122 }, request(long), false],
    ['nothing was counted', { bytesOut: 280, bytesIn: 0 }, request(long), false],
    ['the request was broken off', { bytesOut: 280, bytesIn: 122, state: 'CR--' }, request(long), false],
    ['logged early', { bytesOut: 280, bytesIn: 122, partial: true }, request(long), false],
    // 1.8 counts the wire: nothing but the request line and an empty one.
    ['a bare request of HTTP/1.0', { bytesOut: 500, bytesIn: 210 + 6 }, request(long.slice(2)), false],
    ['escaped characters are one each', { bytesOut: 280, bytesIn: 122 }, request('#22'.repeat(60)), false],
    ['the request line is cut off', { bytesOut: 280, bytesIn: 122 }, { method: 'GET' }, false],
  ])('%s', (_, transfer, fields, isSwapped) => {
    const signatures = new Signatures()
    signatures.observe({ ...GET, ...transfer }, fields)
    expect(signatures.seen.has('swapped')).toBe(isSwapped)
  })
})

describe('lines with %B alone', () => {
  const STATUSES = [200, 200, 304, 404, 200, 206]
  /** What so many connections logged. @param bytes of the line: `head` is what its request has */
  function seen(connections: number, bytes: (head: number, status: number, random: Random) => number) {
    const [signatures, random] = [new Signatures(), new Random(1)]
    for (let port = 1; port <= connections; port++)
      for (const [at, status] of STATUSES.entries()) {
        const uri = `/${'x'.repeat(random.below(60))}${at}`
        const head = 21 + 'GET'.length + uri.length + 'HTTP/1.1'.length + 80 + port
        const line = {
          ...GET,
          status,
          client: '192.0.2.1',
          clientPort: port,
          bytesOut: bytes(head, status, random),
        }
        signatures.observe(line, request(uri))
      }
    return signatures.seen.get('swapped') ?? 0
  }

  test.each<[string, number, Parameters<typeof seen>[1], number]>([
    ['%B is what each request has', 8, (head) => head, 8],
    ['in too few connections', 2, (head) => head, 0],
    ['requests of browsers, whose Referer varies', 50, (head, _, random) => head + random.below(90), 0],
    ['responses of any size', 50, (_, __, random) => 150 + random.size(200_000), 0],
    ['a server that repeats the URI, and says what it is', 50, (head, status) => head + status, 0],
    [
      'one large download proves the opposite',
      8,
      (head, _, random) => (random.below(40) === 0 ? 1e6 : head),
      0,
    ],
    ['one short answer does', 8, (head, _, random) => (random.below(40) === 0 ? 30 : head), 0],
  ])('%s', (_, connections, bytes, shown) => {
    expect(seen(connections, bytes)).toBe(shown)
  })
})
