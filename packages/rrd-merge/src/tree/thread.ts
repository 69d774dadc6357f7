import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Folder } from '@nightshift/tooling/files'
import type { FileReport } from '../report/types.ts'
import { sendError } from './sent-error.ts'
import type { FromThread, NumberedEntry, ThreadStart, ToThread } from './thread-messages.ts'
import { LARGE_PAIR, TreeWork } from './tree-work.ts'

// The entry of a worker thread (dist/tree-thread.cjs). Entries come in handfuls; it asks for more when they run out.

const port = parentPort as MessagePort
const { roots, output, threads, job } = revived(workerData as ThreadStart)
const stop = new AbortController()
const folders = roots.map(({ fd, path }) => new Folder(fd, path))
const work = new TreeWork({ folders, output }, { ...job, signal: stop.signal }, threads)
const say = (message: FromThread): void => port.postMessage(message)

/** A Buffer arrives as a plain Uint8Array; a name that isn't UTF-8 must be a Buffer again. */
function revived<T>(value: T): T {
  if (value instanceof Uint8Array) return Buffer.from(value) as T
  if (Array.isArray(value)) return value.map(revived) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, revived(field)])) as T
}

async function takeAll(entries: readonly NumberedEntry[]): Promise<void> {
  for (const { key, entry } of entries) {
    if (stop.signal.aborted) break
    const deliver = (report: FileReport): void => say({ kind: 'report', key, report })
    const taken = await work.take(revived(entry), deliver, LARGE_PAIR)
    if (!taken) say({ kind: 'large', key })
  }
  say({ kind: 'hungry' })
}

async function finish(): Promise<void> {
  try {
    await work.finish()
  } finally {
    port.off('message', obey)
    port.unref()
  }
}

/** That it was told to stop is no news to whoever told it. */
function complain(error: unknown): void {
  if (!stop.signal.aborted || error !== stop.signal.reason) say({ kind: 'failed', error: sendError(error) })
  else say({ kind: 'hungry' })
}

function obey(message: ToThread): void {
  if (message.kind === 'entries') takeAll(message.entries).catch(complain)
  else if (message.kind === 'stop') stop.abort()
  else finish().catch(complain)
}

port.on('message', obey)
