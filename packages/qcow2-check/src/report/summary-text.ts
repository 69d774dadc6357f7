import {
  escapeText,
  formatBytes,
  formatCount,
  formatShare,
  type StreamFacts,
} from '@nightshift/tooling/terminal'
import type { CheckCounts, Survey, Verdict } from '../check/survey.ts'
import type { Image } from '../image/image.ts'
import { many } from './words.ts'

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  consistent: 'consistent',
  leaks: 'leaks only',
  corrupt: 'corrupt',
  incomplete: 'not completely checked',
}
const STYLES = { consistent: 'green', leaks: 'yellow', corrupt: 'red', incomplete: 'red' } as const

/** The answer first: is it sound, will QEMU open it. */
export function summaryLines(
  name: string,
  { image, counts, verdict }: Pick<Survey, 'image' | 'counts' | 'verdict'>,
  { style }: StreamFacts,
  advisory?: string,
): string[] {
  return [
    `${escapeText(name)}: ${style(STYLES[verdict], VERDICT_WORDS[verdict])}, ${opensText(image)}`,
    ...(advisory === undefined
      ? []
      : [
          `  ${style('yellow', 'advisory')}: the image is in use (${escapeText(advisory)}); this is what two looks at it have in common`,
        ]),
    ...image.blockers.map(({ message }) => `  QEMU says: ${escapeText(message)}`),
    `  ${countsText(counts, image.geometry.clusterSize, verdict)}`,
    ...snapshotLines(image),
  ]
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
