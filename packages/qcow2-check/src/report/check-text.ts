import {
  escapeText,
  formatBytes,
  formatCount,
  formatShare,
  type StreamFacts,
} from '@nightshift/tooling/terminal'
import type { CheckCounts, Survey, Verdict } from '../check/survey.ts'
import type { Image } from '../image/image.ts'
import { findingLine, gravestFirst, someOfEach } from './finding-lines.ts'
import { nextSteps } from './next-steps.ts'
import { many } from './words.ts'

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  consistent: 'consistent',
  leaks: 'leaks only',
  corrupt: 'corrupt',
  incomplete: 'not completely checked',
}
const STYLES = { consistent: 'green', leaks: 'yellow', corrupt: 'red', incomplete: 'red' } as const

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
  const { image, counts, verdict, findings } = survey
  const { facts, limit, advisory, bare } = options
  const { style } = facts
  const shown = limit === undefined ? someOfEach(findings) : gravestFirst(findings).slice(0, limit)
  const more = findings.length - shown.length + survey.findingsOmitted
  const lines = [
    `${escapeText(name)}: ${style(STYLES[verdict], VERDICT_WORDS[verdict])}, ${opensText(image)}`,
    ...(advisory === undefined
      ? []
      : [
          `  ${style('yellow', 'advisory')}: the image is in use (${escapeText(advisory)}); this is what two looks at it have in common`,
        ]),
    ...image.blockers.map(({ message }) => `  QEMU says: ${escapeText(message)}`),
    `  ${countsText(counts, image.geometry.clusterSize, verdict)}`,
    ...snapshotLines(image),
    ...shown.map((finding) => findingLine(finding, style)),
    ...(more > 0 && limit !== 0 ? [`  ... and ${formatCount(more)} more (--max-findings, --json)`] : []),
    ...(bare || advisory !== undefined
      ? []
      : nextSteps(name, survey).map((step) => `  > ${escapeText(step)}`)),
  ]
  return `${lines.join('\n')}\n`
}

/** `QEMU opens it`, for reading only, or not. */
export function opensText({ blockers }: Pick<Image, 'blockers'>): string {
  if (blockers.length === 0) return 'QEMU opens it'
  return blockers.every(({ readable }) => readable)
    ? 'QEMU opens it for reading only'
    : 'QEMU does not open it'
}

/** `2 corruptions, 17 leaked clusters (1.1 MiB); 10 of 64 clusters in use (15.6 %)`. */
export function countsText(counts: CheckCounts, clusterSize: number, verdict: Verdict): string {
  const { corruptions, leaks, checkErrors, totalClusters, allocatedClusters } = counts
  const faults = [
    ...(checkErrors > 0 ? [`${many(checkErrors, 'part')} could not be checked`] : []),
    ...(corruptions > 0 ? [amount(corruptions, 'corruption')] : []),
    ...(leaks > 0 ? [`${amount(leaks, 'leaked cluster')} (${formatBytes(leaks * clusterSize)})`] : []),
  ]
  const use = `${formatCount(allocatedClusters)} of ${amount(totalClusters, 'cluster')} in use (${formatShare(allocatedClusters, totalClusters)})`
  return `${faults.length > 0 ? faults.join(', ') : verdict === 'consistent' ? 'no errors' : 'nothing that qemu-img check counts'}; ${use}`
}

const amount = (count: number, noun: string): string =>
  `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`

/** More than these are listed by `info`. */
const MOST_NAMES = 6

function snapshotLines({ snapshots, header }: Image): string[] {
  if (header.snapshotCount === 0 && snapshots.entries.length === 0) return []
  const sound = snapshots.entries.filter((entry) => entry.sound)
  const names = sound.slice(0, MOST_NAMES).map(({ id, name }) => escapeText(name === '' ? id : name))
  const listed = names.length > 0 ? `: ${names.join(', ')}${sound.length > names.length ? ', ...' : ''}` : ''
  const whole = sound.length === header.snapshotCount
  const count = whole
    ? amount(sound.length, 'snapshot')
    : `${formatCount(sound.length)} of ${amount(header.snapshotCount, 'snapshot')} can be believed`
  return [`  ${count}${listed}`]
}
