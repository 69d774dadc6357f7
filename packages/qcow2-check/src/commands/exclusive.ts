import { UsageError } from '@nightshift/tooling/command-line'

/** Refuses two options that can't both be meant: nothing is silently ignored. @throws UsageError where both are given */
export function exclusive(first: unknown, firstFlag: string, second: unknown, secondFlag: string): void {
  if (first === undefined || second === undefined) return
  throw new UsageError(`${firstFlag} and ${secondFlag} contradict each other`, {
    remedy: 'leave one of them out',
  })
}
