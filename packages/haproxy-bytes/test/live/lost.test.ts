import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { type Burst, runBurst } from './burst.ts'
import { open, request, transfer } from './client.ts'
import { globalSection, startHaproxy } from './haproxy.ts'
import type { Snapshot } from './measured.ts'
import { scratchFolder, startProgram } from './program.ts'
import { Random } from './random.ts'
import { udpSink } from './syslog-sink.ts'
import { until } from './waiting.ts'

const COUNTED = '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B lc=%lc %{+Q}r'
const LIMIT = { burst: 50, interval: 1 }

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('lost')
})
afterAll(() => scratch[Symbol.dispose]())

let files = 0
function write(content: string | Buffer): string {
  const path = scratch.file(`${++files}`)
  writeFileSync(path, content)
  return path
}

/** What an operator keeps of a stats socket: `show info` and `show stat` in one file. */
const snapshotFile = ({ info, stat }: Snapshot): string =>
  write(
    `${Object.entries(info)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n')}\n\n${stat}\n`,
  )

interface Lost {
  readonly lost: {
    readonly kind: string
    readonly lines: Bounds
    readonly bytes: Bounds & { readonly kind: string }
    readonly complete: boolean
  }
  readonly entries: readonly { readonly evidence: string; readonly lines: Bounds; readonly gaps: number }[]
}
interface Bounds {
  readonly low: number
  readonly estimate: number
  readonly high: number
}

function lost(status: number, ...args: string[]): Lost {
  const ran = haproxyBytes(['lost', '--json', ...args])
  expect([ran.stderr, ran.status]).toEqual(['', status])
  return JSON.parse(ran.stdout) as Lost
}

const exactly = (value: number): Bounds => ({ low: value, estimate: value, high: value })

const arrived = (file: Buffer): number => file.toString('latin1').match(/\?id=/g)?.length ?? 0

describe.each(['unix', 'udp'] as const)('a burst into a limited %s input of rsyslog', (input) => {
  let [plain, counted]: (Burst | undefined)[] = []
  beforeAll(async () => {
    const options = { input, requests: 300, rateLimit: LIMIT, untilReported: true }
    plain = await runBurst(options)
    counted = await runBurst({ ...options, logFormat: COUNTED })
  }, 30_000)

  test.each(['traditional', 'file', 'rfc5424', 'bare'] as const)(
    'the ledger closes to 0, template %s',
    (template) => {
      const { files: logs, received, before, after, kernelDrops } = plain as Burst
      const sent = received.size
      const gone = sent - arrived(logs[template])
      expect(gone).toBeGreaterThan(0)
      const log = write(logs[template])
      const { lost: result } = lost(4, log, '--before', snapshotFile(before), '--after', snapshotFile(after))
      expect(result.lines.low).toBeGreaterThanOrEqual(gone - kernelDrops)
      expect(result.lines.high).toBe(gone)
      expect(result.bytes).toMatchObject({ kind: 'exact' })
      // What HAProxy dropped itself, and what rsyslog says, is all there is.
      if (kernelDrops === 0)
        expect(result).toMatchObject({ kind: 'exact', complete: true, lines: exactly(gone) })
    },
  )

  test('with nothing but its own reports', () => {
    const { files: logs, reportedLost } = plain as Burst
    const { lost: result, entries } = lost(4, write(logs.file))
    expect(result).toMatchObject({
      lines: exactly(reportedLost),
      complete: false,
      bytes: { kind: 'estimated' },
    })
    expect(entries.every(({ evidence }) => evidence === (input === 'unix' ? 'imuxsock' : 'imudp'))).toBe(true)
  })

  test('its reports in another file, and in the journal', () => {
    const lines = (plain as Burst).files.file.toString('latin1').split('\n')
    const [ours, theirs] = [true, false].map((is) => lines.filter((line) => line.includes('?id=') === is))
    const log = write(`${ours?.join('\n')}\n`)
    const syslog = write(`${theirs?.filter(Boolean).join('\n')}\n`)
    const journal = write(
      `${theirs
        ?.filter((line) => line.includes('rsyslogd'))
        .map((line) => {
          const [stamp = '', , , ...message] = line.split(' ')
          const entry = {
            __REALTIME_TIMESTAMP: `${Date.parse(stamp) * 1000}`,
            SYSLOG_IDENTIFIER: 'rsyslogd',
            MESSAGE: message.join(' '),
          }
          return JSON.stringify(entry)
        })
        .join('\n')}\n`,
    )
    const expected = exactly((plain as Burst).reportedLost)
    expect(lost(4, log, '--syslog', syslog).lost.lines).toEqual(expected)
    expect(lost(4, log, '--journal', journal).lost.lines).toEqual(expected)
    // Both tell of the same.
    expect(lost(4, log, '--syslog', syslog, '--journal', journal).lost.lines).toEqual(expected)
    expect(lost(0, log).lost).toMatchObject({ kind: 'unknown', lines: null, bytes: null })
  })

  test('by %lc it is exact whatever was reported, and reports tell of the same lines', () => {
    const { files: logs, received } = counted as Burst
    const gone = received.size - arrived(logs.file)
    const { lost: result, entries } = lost(4, write(logs.file), '--format', COUNTED)
    expect(result).toMatchObject({ kind: 'exact', complete: true, lines: exactly(gone) })
    expect(entries.map(({ evidence }) => evidence)).toEqual(['lc'])
  })
})

test('lines deleted at random: the count is exact by %lc, the bytes by snapshots', async () => {
  const { files: logs, before, after } = await runBurst({ input: 'udp', requests: 300, logFormat: COUNTED })
  const random = new Random(11)
  const all = logs.file
    .toString('latin1')
    .split('\n')
    .filter((line) => line.includes('?id='))
  // The first and the last stay: what lies before and after them no counter of lines tells.
  const kept = all.filter((_, at) => at === 0 || at === all.length - 1 || random.next() > 0.2)
  const gone = all.filter((line) => !kept.includes(line))
  const bytes = gone.reduce((sum, line) => sum + Number(/ (\d+) lc=/.exec(line)?.[1]), 0)
  const log = write(`${kept.join('\n')}\n`)
  const without = lost(4, log, '--format', COUNTED).lost
  expect(without).toMatchObject({ kind: 'exact', lines: exactly(gone.length), bytes: { kind: 'estimated' } })
  const given = ['--before', snapshotFile(before), '--after', snapshotFile(after)]
  expect(lost(4, log, '--format', COUNTED, ...given).lost).toMatchObject({
    lines: exactly(gone.length),
    bytes: { kind: 'exact', ...exactly(bytes) },
  })
  expect(lost(0, write(`${all.join('\n')}\n`), '--format', COUNTED, ...given).lost).toMatchObject({
    kind: 'exact',
    lines: exactly(0),
    bytes: exactly(0),
  })
})

test('a reload in the midst: the old process ends its transfers while the new one counts from 0', async () => {
  const { folder, remove } = scratchFolder('reload')
  const sink = await udpSink()
  const haproxy = await startHaproxy(
    folder,
    ([port], socket) => `${globalSection(socket)}
frontend web
    mode http
    timeout client 10s
    bind 127.0.0.1:${port}
    log ${sink.target} len 2048 local0
    log-format '${COUNTED}'
    http-request return status 200 content-type text/plain string hello
`,
  )
  const port = haproxy.ports[0] ?? 0
  const ask = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const connection = await open(port)
      await transfer(connection, request(`/?id=${n}`))
      await connection.finish()
    }
  }
  let next: ReturnType<typeof startProgram> | undefined
  try {
    await ask(40)
    const slow = await open(port)
    await slow.write(Buffer.from('GET /?id=slow HTTP/1.1\r\nHost: x\r\n'))
    next = startProgram('haproxy', ['-db', '-f', haproxy.configFile, '-sf', `${haproxy.pid}`], folder)
    const started = next
    await until('the new process', async () => {
      if (started.ended()) throw new Error(started.said())
      // Between two listeners there may be none for a moment.
      await ask(1).catch(() => undefined)
      return sink.datagrams.some((line) => line.includes(`haproxy[${started.pid}]`)) || undefined
    })
    await ask(20)
    await transfer(slow, Buffer.from('\r\n'))
    await slow.finish()
    await sink.holding('id=slow')
    await ask(20)
    await sink.drain()
    const lines = sink.datagrams
      .map((line) => line.toString('latin1').trimEnd())
      .filter((line) => line.includes('?id='))
    expect(lost(0, write(`${lines.join('\n')}\n`), '--format', COUNTED).lost.lines).toEqual(exactly(0))
    // Of both processes, and the first that the new one wrote.
    const first = lines.findIndex((line) => line.includes(`haproxy[${started.pid}]`))
    const kept = lines.filter((_, at) => ![5, 6, 20, first, first + 9].includes(at))
    expect(lost(4, write(`${kept.join('\n')}\n`), '--format', COUNTED).lost.lines).toEqual(exactly(5))
    // Without pids its first number tells where the new one begins.
    const bare = lines
      .filter((_, at) => ![5, 6, 20, first + 9].includes(at))
      .map((line) => line.replace(/^.*haproxy\[\d+\]: /, ''))
    expect(lost(4, write(`${bare.join('\n')}\n`), '--format', COUNTED).lost.lines).toEqual(exactly(4))
  } finally {
    await next?.stop()
    await haproxy.stop()
    await sink.stop()
    remove()
  }
})
