import { escapeText, formatCount, type StreamFacts } from '@nightshift/tooling/terminal'
import type { Survey } from '../check/survey.ts'
import { findingLine, gravestFirst, someOfEach } from './finding-lines.ts'
import { nextSteps } from './next-steps.ts'
import { summaryLines } from './summary-text.ts'

export interface CheckTextOptions {
  readonly facts: StreamFacts
  /** Findings to be listed; by default some of each code. */
  readonly limit?: number | undefined
  /** The image is in use, and by whom: what is said of it is a hint. */
  readonly advisory?: string | undefined
  /** Without what to do next: somebody does it already. */
  readonly bare?: boolean
}

/** The answer first: is it sound, will QEMU open it; then what was found; then what to do. */
export function checkText(name: string, survey: Survey, options: CheckTextOptions): string {
  const { findings } = survey
  const { facts, limit, advisory, bare } = options
  const shown = limit === undefined ? someOfEach(findings) : gravestFirst(findings).slice(0, limit)
  const more = findings.length - shown.length + survey.findingsOmitted
  const lines = [
    ...summaryLines(name, survey, facts, advisory),
    ...shown.map((finding) => findingLine(finding, facts.style)),
    ...(more > 0 && limit !== 0 ? [`  ... and ${formatCount(more)} more (--max-findings, --json)`] : []),
    ...(bare || advisory !== undefined
      ? []
      : nextSteps(name, survey).map((step) => `  > ${escapeText(step)}`)),
  ]
  return `${lines.join('\n')}\n`
}
