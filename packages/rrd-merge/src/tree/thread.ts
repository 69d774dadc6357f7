import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Folder } from '@nightshift/tooling/files'
import type { FileReport } from '../report/types.ts'
import { sendError } from './sent-error.ts'
import type { FromThread, NumberedEntry, NumberedReport, ThreadStart, ToThread } from './thread-messages.ts'
import { LARGE_PAIR, TreeWork } from './tree-work.ts'

// The entry of a worker thread (dist/tree-thread.cjs). Entries come in handfuls; it asks for the next when it
// begins one, so that it never waits for an answer.

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

/** Reports sent at once: a message for each would cost as much as half of its merge. */
const BUNDLE = 8
const reports: NumberedReport[] = []

function send(atLeast: number): void {
  if (reports.length >= atLeast) say({ kind: 'reports', reports: reports.splice(0) })
}

async function takeAll(entries: readonly NumberedEntry[]): Promise<void> {
  say({ kind: 'hungry' })
  for (const { key, entry } of entries) {
    if (stop.signal.aborted) break
    const deliver = (report: FileReport): void => {
      reports.push({ key, report })
      send(BUNDLE)
    }
    const taken = await work.take(revived(entry), deliver, LARGE_PAIR)
    if (!taken) say({ kind: 'large', key })
  }
  send(1)
}

let finished = false

async function finish(): Promise<void> {
  if (finished) return
  finished = true
  try {
    await work.finish()
  } finally {
    send(1)
    port.off('message', obey)
    port.unref()
  }
}

/** That it was told to stop is no news to whoever told it. */
function complain(error: unknown): void {
  if (!stop.signal.aborted || error !== stop.signal.reason) say({ kind: 'failed', error: sendError(error) })
}

let done: Promise<void> = Promise.resolve()

/** One after the other, though the next handful comes before the one at hand is done. */
function obey(message: ToThread): void {
  if (message.kind === 'stop') stop.abort()
  else if (message.kind === 'entries') done = done.then(() => takeAll(message.entries)).catch(complain)
  else done = done.then(finish).catch(complain)
}

port.on('message', obey)
