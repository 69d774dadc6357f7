import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Zone } from '../../src/clock/index.ts'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { readLogs, type ScanSettings, type ScanWarning } from '../../src/scan/index.ts'
import { NO_DATES, type RandomLog, randomLog, randomNumbers } from './random-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-seek-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'haproxy.log')

const MIB = 1 << 20
const settings: ScanSettings = {
  formats: [...Object.values(KNOWN_FORMATS), NO_DATES].map(parseLogFormat),
  zone: new Zone('UTC'),
}

function write({ text, end }: Pick<RandomLog, 'text' | 'end'>): void {
  writeFileSync(path, text)
  utimesSync(path, end / 1000, end / 1000)
}

async function linesOf(options: Partial<ScanSettings>) {
  const lines: string[] = []
  const warnings: ScanWarning[] = []
  const { logs } = await readLogs(
    [path],
    { ...settings, ...options, onWarning: (warning) => warnings.push(warning) },
    {
      line(reading, { offset, bytes, from, to }) {
        const text = Buffer.from(bytes.subarray(from, to)).toString('latin1')
        lines.push(`${offset} ${reading.kind} ${text}`)
      },
    },
  )
  return { lines, warnings, read: logs[0]?.read ?? -1 }
}

/** What is sought must be what a scan of all finds. */
async function compare(options: Partial<ScanSettings>) {
  const scanned = await linesOf({ ...options, seek: false })
  const sought = await linesOf(options)
  expect(sought.lines).toEqual(scanned.lines)
  return { ...sought, length: scanned.read }
}

describe('a span that is sought holds the lines that a scan of all finds', () => {
  test.each(Array.from({ length: 6 }, (_, seed) => [seed]))('random log %i', async (seed) => {
    const random = randomNumbers(seed)
    const kind = { shuffled: seed % 3 === 0 ? 0 : 2000, stampsOnly: seed % 4 === 3 }
    const log = randomLog(random, kind, 4.3 * MIB)
    write(log)
    const formats = kind.stampsOnly ? [parseLogFormat(NO_DATES)] : settings.formats.slice(0, -1)
    let [sought, found] = [0, 0]
    for (let window = 0; window < 3; window++) {
      const since = log.begin + Math.floor((0.1 + random() * 0.9) * (log.end - log.begin))
      const until = since + Math.floor(random() ** 3 * (log.end - log.begin))
      const span = window === 0 ? { since } : window === 1 ? { until } : { since, until }
      const { lines, read, length, warnings } = await compare({ span, formats })
      // What wasn't read is always told, and nothing else.
      expect(warnings.map(({ code }) => code)).toEqual(read < length ? ['sought'] : [])
      if (read < length) sought++
      found += lines.length
    }
    expect(sought).toBeGreaterThan(0)
    expect(found).toBeGreaterThan(0)
  })
})

describe('a log that is out of order', () => {
  const log = randomLog(randomNumbers(99), { shuffled: 2000, stampsOnly: false }, 4.5 * MIB)
  const at = (share: number): number => log.text.indexOf('\n', Math.floor(log.text.length * share)) + 1
  const span = {
    since: log.begin + 0.45 * (log.end - log.begin),
    until: log.begin + 0.5 * (log.end - log.begin),
  }
  const outOfOrder = [expect.objectContaining({ code: 'out-of-order', path })]

  test.each<[string, ...[number, number][]]>([
    ['two halves the wrong way round', [at(0.5), log.text.length], [0, at(0.5)]],
    ['a block from before at the end', [at(0.1), log.text.length], [0, at(0.1)]],
    ['a block of a twentieth elsewhere', [0, at(0.7)], [at(0.75), log.text.length], [at(0.7), at(0.75)]],
  ])('%s is read whole', async (_, ...parts) => {
    write({ text: parts.map(([from, to]) => log.text.slice(from, to)).join(''), end: log.end })
    const { warnings, read, length } = await compare({ span })
    expect(read).toBe(length)
    expect(warnings).toEqual(outOfOrder)
  })

  test('a single line among those of the span is seen too', async () => {
    const late = log.text.slice(at(0.2), log.text.indexOf('\n', at(0.2)) + 1)
    const middle = log.text.indexOf('\n', (await linesOfSpan()) + 1) + 1
    write({ text: log.text.slice(0, middle) + late + log.text.slice(middle), end: log.end })
    const { warnings } = await compare({ span })
    expect(warnings).toEqual(outOfOrder)
  })

  /** Offset of a line in the middle of the span. */
  async function linesOfSpan(): Promise<number> {
    write(log)
    const { lines } = await linesOf({ span })
    return Number.parseInt(lines[Math.floor(lines.length / 2)] as string, 10)
  }
})

describe('what cannot be sought is read whole', () => {
  const log = randomLog(randomNumbers(5), { shuffled: 0, stampsOnly: false }, 4.3 * MIB)
  const span = { since: log.begin + 1_000_000, until: log.begin + 1_300_000 }

  test('a format that tells when transfers begin and not how long they took', async () => {
    const formats = [parseLogFormat('%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%[x] %ST %B - - %tsc %[rest]')]
    write(log)
    const { read, length } = await compare({ span, formats })
    expect(read).toBe(length)
  })

  test('stamps of another zone than the dates', async () => {
    write({
      text: log.text.replaceAll(
        /^(\w+ \d+ )(\d\d)/gm,
        (_, day, hour) => `${day}${String((Number(hour) + 5) % 24).padStart(2, '0')}`,
      ),
      end: log.end,
    })
    const { read, length } = await compare({ span })
    expect(read).toBe(length)
  })

  test('a log whose lines nobody can read', async () => {
    write({ text: `nothing of HAProxy ${'x'.repeat(500)}\n`.repeat(9000), end: log.end })
    const { lines, read, length } = await compare({ span })
    expect(read).toBe(length)
    // Nothing shows that they belong to another time.
    expect(lines).toHaveLength(9000)
  })
})
