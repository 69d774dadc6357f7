import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { fileNameText } from '@nightshift/tooling/files'
import type { MergeJob } from '../file/job.ts'
import { threadsWithin } from '../file/open-files.ts'
import type { FileReport } from '../report/types.ts'
import type { TreeRoots } from './roots.ts'
import { receiveError } from './sent-error.ts'
import { LARGEST_HANDFUL, Supply } from './supply.ts'
import type { FromThread, NumberedEntry, ThreadStart, ToThread } from './thread-messages.ts'
import { LARGE_PAIR, TreeWork } from './tree-work.ts'

/** Below so many files a thread's start (some 40 ms) costs more than it saves. */
const WORTH_A_THREAD = 100

/** V8's default lets garbage pile up to 48 MB; this much costs no time (measured). */
const YOUNG = { maxYoungGenerationSizeMb: 3 }

const threadFile = fileURLToPath(new URL('./tree-thread.cjs', import.meta.url))

/** How many threads a merge of so many files is shared out to, the caller's own among them. */
export function threadCount(entries: number, jobs: number | undefined): number {
  // A program that bundles this library into one file has no file for the thread.
  if (!existsSync(threadFile)) return 1
  const wanted = Math.min(jobs ?? availableParallelism(), threadsWithin())
  return wanted < 2 || entries < WORTH_A_THREAD ? 1 : Math.min(wanted, Math.ceil(entries / LARGEST_HANDFUL))
}

export interface Sharing {
  /** Threads, this one included: a thread that only shares out costs a start and memory for nothing. */
  readonly count: number
  readonly roots: TreeRoots
  readonly job: MergeJob
  readonly entries: readonly NumberedEntry[]
  readonly deliver: (key: number, report: FileReport) => void
}

/**
 * Does all entries, on this thread and others; first those that may be done beside others, then, alone, the large ones.
 * When it returns, or throws, no other thread runs any more.
 */
export async function doShared(sharing: Sharing): Promise<void> {
  const { count, roots, job, entries, deliver } = sharing
  const broken = new AbortController()
  const signal = job.signal ? AbortSignal.any([job.signal, broken.signal]) : broken.signal
  const supply = new Supply(entries, count, signal)
  const work = new TreeWork(roots, { ...job, signal }, count)
  const ends = await Promise.allSettled(
    [...startThreads(sharing, supply, signal), workHere(work, supply, sharing)].map((end) =>
      end.catch((error: unknown) => {
        broken.abort(error)
        throw error
      }),
    ),
  )
  try {
    job.signal?.throwIfAborted()
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    for (const { key, entry } of supply.large()) {
      job.signal?.throwIfAborted()
      await work.take(entry, (report) => deliver(key, report))
    }
  } finally {
    await work.finish()
  }
}

/** The event loop turns now and then meanwhile (`EventTurn`), so that the other threads are heard. */
async function workHere(work: TreeWork, supply: Supply, { count, deliver }: Sharing): Promise<void> {
  const most = count > 1 ? LARGE_PAIR : undefined
  for (let entries = supply.next(); entries.length > 0; entries = supply.next()) {
    for (const { key, entry } of entries) {
      if (supply.stopped) return
      const taken = await work.take(entry, (report) => deliver(key, report), most)
      if (!taken) supply.tooLarge(key)
    }
  }
}

function startThreads(
  { count, roots, job, deliver }: Sharing,
  supply: Supply,
  signal: AbortSignal,
): Promise<void>[] {
  const start: ThreadStart = {
    roots: roots.folders.map(({ fd, path }) => ({ fd, path: fileNameText(path) })),
    output: roots.output,
    threads: count,
    job: { ...job, signal: undefined },
  }
  return Array.from({ length: count - 1 }, () => runThread(start, supply, signal, deliver))
}

/** One thread from its start to its exit. */
function runThread(
  start: ThreadStart,
  supply: Supply,
  signal: AbortSignal,
  deliver: Sharing['deliver'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadFile, { workerData: start, resourceLimits: YOUNG })
    let failure: { readonly error: unknown } | undefined
    const say = (message: ToThread): void => worker.postMessage(message)
    const feed = (): void => {
      const entries = supply.next()
      say(entries.length > 0 ? { kind: 'entries', entries } : { kind: 'finish' })
    }
    const stop = (): void => say({ kind: 'stop' })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'reports') for (const { key, report } of message.reports) deliver(key, report)
      else if (message.kind === 'large') supply.tooLarge(message.key)
      else if (message.kind === 'hungry') feed()
      else {
        failure ??= { error: receiveError(message.error) }
        stop()
        say({ kind: 'finish' })
      }
    })
    worker.on('error', (error) => {
      failure ??= { error }
    })
    worker.on('exit', () => {
      signal.removeEventListener('abort', stop)
      if (failure) reject(failure.error)
      else resolve()
    })
    feed()
  })
}
