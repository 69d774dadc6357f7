import { describe, expect, test } from 'vitest'
import { readEnvelope } from '../../src/envelope/index.ts'
import { parseLogFormat } from '../../src/log-format/index.ts'
import { matcherOf } from '../../src/matcher/index.ts'
import { type Transfer, TransferReader } from '../../src/transfer/index.ts'
import { hasFormat, SENT_LINES, type SentLine } from '../fixtures/lines.ts'

function read({ bytes, format }: SentLine): { outcome: string; transfer: Transfer } {
  const matcher = matcherOf(parseLogFormat(format))
  const reader = new TransferReader(matcher, ({ local, offset = 0 }) => local - offset * 60_000)
  const envelope = readEnvelope(bytes, 0, bytes.length)
  for (const wanted of ['whole', 'ambiguous', 'cut']) {
    for (const start of envelope.starts) {
      const outcome = matcher.match(bytes, start, bytes.length)
      if (outcome === wanted) return { outcome, transfer: reader.read(bytes, envelope) }
    }
  }
  return { outcome: 'none', transfer: { partial: false } }
}

const FIELDS = {
  client_ip: 'client',
  client_port: 'clientPort',
  frontend: 'frontend',
  backend: 'backend',
  server: 'server',
  status: 'status',
  B: 'bytesOut',
  U: 'bytesIn',
  state: 'state',
  retries: 'retries',
} as const

/** `%ts--`: the rest of the state is the format's own text. */
const whole = (line: SentLine, key: string): boolean => !(key === 'state' && line.format.includes('%ts--'))
/** Under +X an address is written in hexadecimal. */
const plainAddress = (line: SentLine, key: string): boolean =>
  !(key === 'client_ip' && line.format.includes('+X'))

describe('lines as HAProxy sent them, and as rsyslog wrote them', () => {
  const lines = SENT_LINES.filter((line) => hasFormat(line) && line.expect.valid_cbor !== false)

  test('there are many', () => {
    expect(lines.length).toBeGreaterThan(170)
  })

  test.each(lines.map((line, number) => [`${number}, ${line.version}: ${line.form}`, line] as const))(
    '%s',
    (_, line) => {
      const { outcome, transfer } = read(line)
      expect(outcome).not.toBe('none')
      if (line.expect.truncated !== true) expect(['whole', 'ambiguous']).toContain(outcome)
      const wanted = Object.entries(FIELDS)
        .filter(
          ([key]) =>
            line.expect[key] !== undefined &&
            line.expect[key] !== null &&
            plainAddress(line, key) &&
            whole(line, key),
        )
        // A relay's template took the address away.
        .filter(([key, field]) => !(key === 'client_ip' && transfer[field] === undefined))
        .filter(([, field]) => transfer[field] !== undefined || line.expect.truncated !== true)
      const found = Object.fromEntries(wanted.map(([key, field]) => [key, transfer[field]]))
      expect(found).toEqual(Object.fromEntries(wanted.map(([key]) => [key, line.expect[key]])))
      expect(transfer.partial).toBe(line.expect.partial === true)
    },
  )
})
