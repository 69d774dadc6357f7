import type { Finding } from '../findings/index.ts'
import type { CheckCounts, Verdict } from './survey.ts'

/** The bits say what QEMU saw once; its check does not count them as corruptions. */
const NOT_COUNTED = new Set(['corrupt-bit', 'dirty'])

/** Corruptions that opening the image found. */
export function corruptionsOf(findings: readonly Finding[]): number {
  return findings.filter(({ code, severity }) => severity === 'corruption' && !NOT_COUNTED.has(code)).length
}

/** The worst that was found: not everything could be looked at, corruption, leaks. */
export function verdictOf(counts: CheckCounts, findings: readonly Finding[]): Verdict {
  const has = (severity: Finding['severity']) => findings.some((finding) => finding.severity === severity)
  if (counts.checkErrors > 0 || has('error')) return 'incomplete'
  if (counts.corruptions > 0 || has('corruption')) return 'corrupt'
  return counts.leaks > 0 || has('leak') ? 'leaks' : 'consistent'
}
