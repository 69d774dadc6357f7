import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { FromThread, ThreadStart, Unit } from './messages.ts'

export type Counted = Extract<FromThread, { kind: 'counted' }>

const threadFile = fileURLToPath(new URL('./total-thread.cjs', import.meta.url))

/** A program that bundles this library into one file has no file for the thread. */
export function threadsExist(): boolean {
  return existsSync(threadFile)
}

/** What a thread makes of a group is soon garbage: with more room for it each thread only takes more memory. */
const LIMITS = { maxYoungGenerationSizeMb: 4 }

interface Watch {
  readonly signal?: AbortSignal
  readonly onProgress?: (bytes: number) => void
}

/** What became of each unit, in their order. No thread runs any more when it returns, or throws. */
export async function runThreads(
  start: ThreadStart,
  units: readonly Unit[],
  count: number,
  { signal, onProgress }: Watch,
): Promise<Counted[]> {
  const counted: Counted[] = []
  const bytes = units.map(() => 0)
  const supply = units.entries()
  const tell = (unit: number, read: number): void => {
    bytes[unit] = read
    onProgress?.(bytes.reduce((sum, one) => sum + one, 0))
  }
  const workers: Worker[] = []
  /** One thread from its start until there is nothing left to do. */
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(threadFile, { workerData: start, resourceLimits: LIMITS })
      workers.push(worker)
      let unit = -1
      const next = (): void => {
        const { value, done } = supply.next()
        if (done) {
          resolve()
          return
        }
        unit = value[0]
        worker.postMessage(value[1])
      }
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'progress') tell(unit, message.bytes)
        else {
          counted[unit] = message
          tell(unit, message.log.read)
          next()
        }
      })
      worker.on('error', reject)
      worker.on('exit', () => reject(new Error('a thread ended before its work was done')))
      next()
    })
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal?.reason)
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted) stop()
  })
  try {
    await Promise.race([Promise.all(Array.from({ length: count }, run)), stopped])
    return counted
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
