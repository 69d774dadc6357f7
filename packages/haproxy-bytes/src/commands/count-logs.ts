import type { CommandContext } from '@nightshift/tooling/command-line'
import { LogNotes } from '../notes/index.ts'
import type { PartialSource } from '../partial/index.ts'
import type { LineSink, LogLine, Shard } from '../scan/index.ts'
import { type Key, Totals } from '../totals/index.ts'
import { latin1, type Reading } from '../transfer/index.ts'
import { type LogInput, type LogScan, scanLogs } from './log-input.ts'

export interface CountedLogs extends LogScan {
  /** Sums and notes of each log by itself. */
  readonly sources: readonly PartialSource[]
}

interface Counting {
  readonly keys: readonly Key[]
  readonly shard?: Shard | undefined
}

/** Reads logs, and counts each by itself. */
export async function countLogs(
  context: CommandContext,
  operands: readonly string[],
  input: LogInput,
  { keys, shard }: Counting,
): Promise<CountedLogs> {
  const counters: LogCounter[] = []
  const scan = await scanLogs(
    context,
    operands,
    { ...input, ...(shard && { shard }) },
    {
      line(reading, line) {
        counters[line.log] ??= new LogCounter(keys, input)
        counters[line.log]?.line(reading, line)
      },
    },
  )
  const sources = scan.logs.map(({ identity, from, to }, number): PartialSource => {
    const { totals, notes } = counters[number] ?? new LogCounter(keys, input)
    const { lines, groups } = totals.result()
    return { identity, from, to, lines, groups, notes }
  })
  return { ...scan, sources }
}

class LogCounter implements LineSink {
  readonly totals: Totals
  readonly notes = new LogNotes()
  readonly #spanned: boolean

  constructor(keys: readonly Key[], { span }: LogInput) {
    this.totals = new Totals(keys, span)
    this.#spanned = span !== undefined
  }

  line(reading: Reading, { bytes, from, to, offset }: LogLine): void {
    this.totals.add(reading, hostOf(reading, bytes))
    if (this.#spanned && reading.kind === 'transfer' && reading.transfer.instant === undefined)
      this.notes.unread.add('no-time', offset, bytes, from, to)
    else this.notes.take(reading, offset, bytes, from, to)
  }
}

/** The host that syslog put before a line. */
function hostOf(reading: Reading, bytes: Uint8Array): string | undefined {
  if (reading.kind !== 'transfer' || reading.envelope.host === undefined) return undefined
  return latin1(bytes, ...reading.envelope.host)
}
