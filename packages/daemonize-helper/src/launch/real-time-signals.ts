import { readFileSync } from 'node:fs'

/**
 * Whether this process was started with a real-time signal (32 to 64) ignored. Node resets the others in what it starts, and
 * these it leaves: they stay ignored through exec(2) for good.
 */
export function ignoresRealTimeSignals(): boolean {
  try {
    const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]
    return ignored !== undefined && BigInt(`0x${ignored}`) >> 31n !== 0n
  } catch {
    return false
  }
}
