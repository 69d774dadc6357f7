import { setTimeout } from 'node:timers/promises'
import { followLog, lastOfSeries, type OpenedLog } from '../source/index.ts'
import type { Follow } from './read-logs.ts'
import type { Scan } from './scan.ts'

/** Reads logs, and the last one of each series on and on, until it is stopped. */
export async function followLogs(
  opened: readonly OpenedLog[],
  { every, onTick }: Follow,
  scan: Scan,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const live = lastOfSeries(opened).filter(({ file, compression }) => file && compression === 'none')
  const ended = new AbortController()
  const readAll = async (): Promise<void> => {
    for (const log of opened) {
      if (signal.aborted) return
      if (!live.includes(log)) await scan.read(log)
    }
    const behind = new Set(live)
    await Promise.all(
      live.map(async (first) => {
        const onIdle = (): void => {
          behind.delete(first)
          if (behind.size === 0) caughtUp()
        }
        for await (const log of followLog(first, signal, onIdle)) await scan.read(log)
      }),
    )
  }
  let caughtUp = (): void => {}
  // Nothing is told before: the totals of a run that was started again would be less than those it told last.
  const allRead = new Promise<void>((resolve) => {
    caughtUp = resolve
  })
  const ticks = allRead.then(() => tick(every, onTick, scan, AbortSignal.any([signal, ended.signal])))
  try {
    await Promise.race([readAll(), failureOf(ticks)])
  } finally {
    ended.abort()
    caughtUp()
  }
  await ticks
}

/** Never resolves: a tick that fails (a file that can't be written) ends all, one that doesn't ends nothing. */
async function failureOf(ticks: Promise<void>): Promise<never> {
  await ticks
  return await new Promise<never>(() => {})
}

async function tick(every: number, onTick: Follow['onTick'], scan: Scan, signal: AbortSignal): Promise<void> {
  for (let told = -1; !signal.aborted; await setTimeout(every, undefined, { signal }).catch(() => {})) {
    if (scan.bytes === told) continue
    told = scan.bytes
    await onTick(scan.logs())
  }
}
