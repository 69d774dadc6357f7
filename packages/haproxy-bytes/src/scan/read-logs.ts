import type { Readable } from 'node:stream'
import type { Zone } from '../clock/index.ts'
import type { KernelTotals } from '../kernel/index.ts'
import type { LogFormat } from '../log-format/index.ts'
import { type ByteRange, type LogIdentity, type OpenedLog, openLogs } from '../source/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import type { FieldValue, Reading } from '../transfer/index.ts'
import { followLogs } from './follow-logs.ts'
import { Scan } from './scan.ts'
import type { ReadFailure, ScanWarning } from './scan-warning.ts'
import { type Shard, shardPieces } from './shard.ts'

export interface ScanSettings {
  readonly formats: readonly LogFormat[]
  /** Of times that name none. */
  readonly zone: Zone
  /** Only lines of this span are handed on. */
  readonly span?: TimeSpan
  /** False: files are read whole even where the span can be found by a search. */
  readonly seek?: boolean
  /** False: a log of which a part was read is not looked through for its identity, which then tells its length alone. */
  readonly identify?: boolean
  /** Names of fields (an alias, a fetch as written) that must be without doubt, beside those that totals need. */
  readonly asked?: readonly string[]
  /** What the operand `-` stands for. */
  readonly stdin?: Readable
  /** One of so many equal parts of the logs: a plain file is divided at its lines, any other is in one part whole. */
  readonly shard?: Shard
  readonly signal?: AbortSignal
  /** Logs that are written are read on, over rotations, until `signal` stops it; that is then no error. */
  readonly follow?: Follow
  readonly onWarning?: (warning: ScanWarning) => void
  /** Bytes of text, decompressed, read so far. */
  readonly onProgress?: (bytes: number) => void
}

export interface Follow {
  /** ms */
  readonly every: number
  /** Called that often while lines come, with the logs as far as they are read; reading goes on while it is pending. */
  onTick(logs: readonly ScannedLog[]): Promise<void>
}

/** A line as it is handed on: one object for all lines, so nothing of it may be kept. */
export interface LogLine {
  readonly path: string
  /** Place of the log in `ScanResult.logs`. */
  readonly log: number
  /** Of the line's first byte in the log, decompressed. */
  readonly offset: number
  readonly bytes: Uint8Array
  readonly from: number
  /** Without the line feed. */
  readonly to: number
  /** Of a transfer: its fields as they were logged. */
  fields(): readonly FieldValue[]
}

export interface LineSink {
  line(reading: Reading, line: LogLine): void
  /** Sums that take what they can of a log's lines, which are then not handed on. */
  begin?(log: number, settings: ScanSettings): KernelTotals | undefined
  /** Counts all logs by itself; undefined where they are to be read here. */
  share?(parts: readonly LogPart[], settings: ScanSettings): Promise<ScanResult | undefined>
  /** The log is at its end. */
  end?(log: number): void
  /** Asked after each chunk of lines (1 MiB or less): while it is pending nothing more is read. */
  drain?(): Promise<void>
}

/** A log, or the lines that begin in a part of it. */
export interface LogPart {
  readonly log: OpenedLog
  readonly piece?: ByteRange
}

/** A log as far as it was read. */
export interface ScannedLog {
  readonly path: string
  /** Lines that begin at `from` or later and before `to`, bytes of text; `identity` is that of all of the log. */
  readonly from: number
  readonly to: number
  /** Bytes of text that were read for it, fewer where a span of time was found by a search. */
  readonly read: number
  readonly identity: LogIdentity
}

export interface ScanResult {
  readonly logs: readonly ScannedLog[]
  /** Where not empty, the run ends with exit code 6. */
  readonly failures: readonly ReadFailure[]
}

/**
 * Reads logs once, line by line. Operands are files, patterns of names, and `-`.
 *
 * @throws HaproxyBytesError where one can't be opened: before any line is handed on
 */
export async function readLogs(
  operands: readonly string[],
  settings: ScanSettings,
  sink: LineSink,
): Promise<ScanResult> {
  const { stdin, signal, onWarning, shard, follow } = settings
  const { logs: opened, duplicates } = await openLogs(operands, {
    ...(stdin && { stdin }),
    ...(signal && { signal }),
  })
  try {
    for (const { contained, ...names } of duplicates)
      onWarning?.({ code: contained ? 'contained' : 'same-content', ...names })
    const scan = new Scan(settings, sink)
    if (follow) await followLogs(opened, follow, scan, signal)
    else {
      const pieces = shard && shardPieces(opened, shard)
      const parts = opened.flatMap((log, number): LogPart[] => {
        const piece = pieces?.[number]
        return pieces ? (piece ? [{ log, piece }] : []) : [{ log }]
      })
      const shared = await sink.share?.(parts, settings)
      if (shared) return shared
      for (const { log, piece } of parts) await scan.read(log, piece)
    }
    return { logs: scan.logs(), failures: scan.failures }
  } finally {
    for (const log of opened) await log.close()
  }
}
