import { FINDINGS, type Finding } from '../findings/index.ts'
import type { Survey, Verdict } from './survey.ts'

/**
 * What two surveys of an image in use agree on: findings of the second that the first had too, and of each number the
 * smaller. What only one of them saw was most likely a write that was under way.
 */
export function stableSurvey(first: Survey, second: Survey, why: string): Survey {
  const seen = new Set(first.findings.map(keyOf))
  const findings = second.findings.filter((finding) => seen.has(keyOf(finding)))
  const [a, b] = [first.counts, second.counts]
  const counts = {
    ...b,
    checkErrors: Math.min(a.checkErrors, b.checkErrors),
    corruptions: Math.min(a.corruptions, b.corruptions),
    leaks: Math.min(a.leaks, b.leaks),
  }
  const has = (severity: Finding['severity']) => findings.some((finding) => finding.severity === severity)
  const verdict: Verdict =
    has('error') || counts.checkErrors > 0
      ? 'incomplete'
      : has('corruption')
        ? 'corrupt'
        : has('leak')
          ? 'leaks'
          : 'consistent'
  return { ...second, findings: [...findings, inUse(why, second)], counts, verdict }
}

const keyOf = ({ code, offset, length, guest, snapshot }: Finding): string =>
  [code, offset, length, guest?.offset, snapshot].join(' ')

function inUse(why: string, { image }: Survey): Finding {
  return {
    code: 'in-use',
    severity: FINDINGS['in-use'],
    offset: 0,
    length: image.fileSize,
    repair: { class: 'none', safe: false, lossy: false },
    fields: { why },
  }
}
