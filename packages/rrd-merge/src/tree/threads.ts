import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { fileNameText } from '@nightshift/tooling/files'
import type { MergeJob } from '../file/job.ts'
import type { FileReport } from '../report/types.ts'
import type { TreeRoots } from './roots.ts'
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
  const wanted = jobs ?? availableParallelism()
  return wanted < 2 || entries < WORTH_A_THREAD ? 0 : Math.min(wanted, Math.ceil(entries / HANDFUL))
}

export interface Sharing {
  readonly count: number
  readonly roots: TreeRoots
  readonly job: MergeJob
  readonly entries: readonly NumberedEntry[]
  readonly deliver: (key: number, report: FileReport) => void
}

/** Shares entries out to worker threads; gives back those too large to be merged beside others. */
export async function shareOut({ count, roots, job, entries, deliver }: Sharing): Promise<NumberedEntry[]> {
  const large: NumberedEntry[] = []
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  let next = 0
  const start: ThreadStart = {
    roots: roots.folders.map(({ fd, path }) => ({ fd, path: fileNameText(path) })),
    output: roots.output,
    job: { ...job, signal: undefined },
  }
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(threadFile, { workerData: start })
      const say = (message: ToThread): void => worker.postMessage(message)
      const stop = (): void => say({ kind: 'stop' })
      job.signal?.addEventListener('abort', stop, { once: true })
      const feed = (): void => {
        if (next >= entries.length || job.signal?.aborted) say({ kind: 'finish' })
        else say({ kind: 'entries', entries: entries.slice(next, next + HANDFUL) })
        next += HANDFUL
      }
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'hungry') feed()
        else if (message.kind === 'report') deliver(message.key, message.report)
        else if (message.kind === 'large') large.push(byKey.get(message.key) as NumberedEntry)
        else if (message.kind === 'failed') reject(message.error)
      })
      worker.on('error', reject)
      worker.on('exit', () => {
        job.signal?.removeEventListener('abort', stop)
        resolve()
      })
      feed()
    })
  await Promise.all(Array.from({ length: count }, run))
  job.signal?.throwIfAborted()
  return large.sort((a, b) => a.key - b.key)
}
