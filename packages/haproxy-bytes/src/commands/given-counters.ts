import { UsageError } from '@nightshift/tooling/command-line'
import { describeError } from '@nightshift/tooling/errors'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import {
  CountersError,
  fetchMetrics,
  readCounters,
  type Snapshot,
  type StatsAddress,
} from '../counters/index.ts'
import { HaproxyBytesError } from '../errors.ts'
import type { CountersGiven } from '../reconcile/index.ts'
import { readText } from './read-text.ts'
import { snapshotOf } from './stats-socket.ts'

export interface CounterOptions {
  readonly before?: FileName | undefined
  readonly after?: FileName | undefined
  readonly socket?: StatsAddress | undefined
  readonly metrics?: string | undefined
}

/** ms; a busy HAProxy with thousands of proxies takes a second. */
const TIMEOUT = 30_000

/**
 * The counters that the command line names. A socket is asked before the logs are read, so that what ends meanwhile is
 * in neither. Undefined: none are named. @throws UsageError, HaproxyBytesError
 */
export async function givenCounters(
  { before, after, socket, metrics }: CounterOptions,
  signal: AbortSignal,
): Promise<CountersGiven | undefined> {
  const named = [
    ['--after', after],
    ['--socket', socket],
    ['--metrics', metrics],
  ].flatMap(([flag, value]) => (value === undefined ? [] : [flag]))
  if (named.length > 1)
    throw new UsageError(`${named.join(' and ')} exclude each other: all are the later counters`)
  if (named.length === 0 && before !== undefined)
    throw new UsageError('--before goes with --after, --socket or --metrics')
  if (named.length === 0) return undefined
  return {
    before: before === undefined ? [] : readSnapshots(before),
    after: after !== undefined ? readSnapshots(after) : [await running({ socket, metrics }, signal)],
  }
}

function readSnapshots(path: FileName): Snapshot[] {
  return counters(readText(path), fileNameText(path))
}

async function running({ socket, metrics = '' }: CounterOptions, signal: AbortSignal): Promise<Snapshot> {
  if (socket !== undefined) return await snapshotOf(socket, TIMEOUT, signal)
  const isUrl = /^https?:\/\//.test(metrics)
  const time = Date.now()
  const text = isUrl ? await exposition(metrics, signal) : readText(metrics)
  const snapshot = counters(text, metrics)[0] as Snapshot
  // A file may have been written long ago: it is taken at its word.
  return isUrl ? { ...snapshot, time } : snapshot
}

async function exposition(url: string, signal: AbortSignal): Promise<string> {
  try {
    return await fetchMetrics(url, { timeout: TIMEOUT, signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new HaproxyBytesError('unreadable', url, describeError(error).message, {
      remedy: 'name the address of `http-request use-service prometheus-exporter`',
      cause: error,
    })
  }
}

function counters(text: string, name: string): Snapshot[] {
  try {
    return readCounters(text)
  } catch (error) {
    if (!(error instanceof CountersError)) throw error
    throw new HaproxyBytesError('unreadable', name, error.message, { cause: error })
  }
}
