import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Folder } from '@nightshift/tooling/files'
import type { FromThread, NumberedEntry, ThreadStart, ToThread } from './thread-messages.ts'
import { LARGE_PAIR, TreeWork } from './tree-work.ts'

// The entry of a worker thread (dist/tree-thread.cjs). Entries come in handfuls; it asks for more when they run out.

const port = parentPort as MessagePort
const { roots, output, job } = revived(workerData as ThreadStart)
const stop = new AbortController()
const folders = roots.map(({ fd, path }) => new Folder(fd, path))
const work = new TreeWork({ folders, output }, { ...job, signal: stop.signal })
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
    const taken = await work.take(
      revived(entry),
      (report) => say({ kind: 'report', key, report }),
      LARGE_PAIR,
    )
    if (!taken) say({ kind: 'large', key })
  }
  say({ kind: 'hungry' })
}

async function obey(message: ToThread): Promise<void> {
  if (message.kind === 'entries') await takeAll(message.entries)
  else if (message.kind === 'stop') stop.abort()
  else {
    await work.finish()
    say({ kind: 'finished' })
    port.close()
  }
}

port.on('message', (message: ToThread) => {
  obey(message).catch((error: unknown) => say({ kind: 'failed', error }))
})
