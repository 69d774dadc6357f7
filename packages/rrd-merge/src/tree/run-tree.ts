import type { MergeJob } from '../file/job.ts'
import type { FileReport } from '../report/types.ts'
import type { TreeEntry } from './entry.ts'
import { keepReport, skipReport } from './idle-report.ts'
import { Ordered } from './ordered.ts'
import { TARGET, type TreeRoots } from './roots.ts'
import type { NumberedEntry } from './thread-messages.ts'
import { doShared, threadCount } from './threads.ts'

/** Does all entries of a tree merge, on several threads where that pays; reports come in the entries' order. */
export async function* runTree(
  entries: readonly TreeEntry[],
  roots: TreeRoots,
  job: MergeJob,
  jobs: number | undefined,
): AsyncGenerator<FileReport, void, undefined> {
  const reports = new Ordered<FileReport>(entries.length)
  const stop = new AbortController()
  const signal = job.signal ? AbortSignal.any([job.signal, stop.signal]) : stop.signal
  const done = doAll(entries, roots, { ...job, signal }, jobs, reports)
  done.then(
    () => reports.end(),
    (error: unknown) => reports.end({ error }),
  )
  try {
    yield* reports
    await done
  } finally {
    // Whoever stops reading stops the work: what is under way is finished, nothing new is begun.
    stop.abort()
    await done.catch(() => {})
  }
}

async function doAll(
  entries: readonly TreeEntry[],
  roots: TreeRoots,
  job: MergeJob,
  jobs: number | undefined,
  reports: Ordered<FileReport>,
): Promise<void> {
  const deliver = (key: number, report: FileReport): void => reports.put(key, report)
  const numbered: NumberedEntry[] = []
  for (const [key, entry] of entries.entries()) {
    if (entry.kind === 'skip') deliver(key, skipReport(entry))
    else if (entry.kind === 'keep' && roots.output === TARGET) deliver(key, keepReport(entry))
    else numbered.push({ key, entry })
  }
  await doShared({ count: threadCount(numbered.length, jobs), roots, job, entries: numbered, deliver })
}
