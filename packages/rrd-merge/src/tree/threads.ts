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
import type { FromThread, NumberedEntry, ThreadStart, ToThread } from './thread-messages.ts'

/** Below so many files a thread's start (some 40 ms) costs more than it saves. */
const WORTH_A_THREAD = 100

/** Entries a thread is given at a time: few enough to end together, enough not to wait for messages. */
const HANDFUL = 16

const threadFile = fileURLToPath(new URL('./tree-thread.cjs', import.meta.url))

/** How many threads a merge of so many files is shared out to; 0 where the caller's own does it. */
export function threadCount(entries: number, jobs: number | undefined): number {
  // A program that bundles this library into one file has no file for the thread.
  if (!existsSync(threadFile)) return 0
  const wanted = Math.min(jobs ?? availableParallelism(), threadsWithin())
  return wanted < 2 || entries < WORTH_A_THREAD ? 0 : Math.min(wanted, Math.ceil(entries / HANDFUL))
}

export interface Sharing {
  readonly count: number
  readonly roots: TreeRoots
  readonly job: MergeJob
  readonly entries: readonly NumberedEntry[]
  readonly deliver: (key: number, report: FileReport) => void
}

/**
 * Shares entries out to worker threads; gives back those too large to be merged beside others. When it returns, or
 * throws, no thread runs any more.
 */
export async function shareOut(sharing: Sharing): Promise<NumberedEntry[]> {
  const { count, roots, job, entries } = sharing
  const start: ThreadStart = {
    roots: roots.folders.map(({ fd, path }) => ({ fd, path: fileNameText(path) })),
    output: roots.output,
    threads: count,
    job: { ...job, signal: undefined },
  }
  const broken = new AbortController()
  const signal = job.signal ? AbortSignal.any([job.signal, broken.signal]) : broken.signal
  const supply = new Supply(entries, signal)
  const ends = await Promise.allSettled(
    Array.from({ length: count }, () =>
      runThread(start, supply, signal, sharing.deliver).catch((error: unknown) => {
        broken.abort(error)
        throw error
      }),
    ),
  )
  job.signal?.throwIfAborted()
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return supply.large.sort((a, b) => a.key - b.key)
}

/** What is still to be given to a thread. */
class Supply {
  readonly large: NumberedEntry[] = []
  readonly #entries: readonly NumberedEntry[]
  readonly #byKey: ReadonlyMap<number, NumberedEntry>
  readonly #signal: AbortSignal
  #next = 0

  constructor(entries: readonly NumberedEntry[], signal: AbortSignal) {
    this.#entries = entries
    this.#byKey = new Map(entries.map((entry) => [entry.key, entry]))
    this.#signal = signal
  }

  next(): ToThread {
    if (this.#next >= this.#entries.length || this.#signal.aborted) return { kind: 'finish' }
    const entries = this.#entries.slice(this.#next, this.#next + HANDFUL)
    this.#next += HANDFUL
    return { kind: 'entries', entries }
  }

  tooLarge(key: number): void {
    this.large.push(this.#byKey.get(key) as NumberedEntry)
  }
}

/** One thread from its start to its exit. */
function runThread(
  start: ThreadStart,
  supply: Supply,
  signal: AbortSignal,
  deliver: Sharing['deliver'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadFile, { workerData: start })
    let failure: { readonly error: unknown } | undefined
    const say = (message: ToThread): void => worker.postMessage(message)
    const stop = (): void => say({ kind: 'stop' })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'report') deliver(message.key, message.report)
      else if (message.kind === 'large') supply.tooLarge(message.key)
      else if (message.kind === 'hungry') say(supply.next())
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
    say(supply.next())
  })
}
