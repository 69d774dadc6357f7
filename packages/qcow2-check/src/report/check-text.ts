import {
  escapeText,
  formatBytes,
  formatCount,
  formatShare,
  type StreamFacts,
} from '@nightshift/tooling/terminal'
import type { CheckCounts, Survey, Verdict } from '../check/survey.ts'
import type { Finding } from '../findings/index.ts'
import type { Image } from '../image/image.ts'
import { findingLine, gravestFirst } from './finding-lines.ts'

const WORDS: Readonly<Record<Verdict, string>> = {
  consistent: 'consistent',
  leaks: 'leaks only',
  corrupt: 'corrupt',
  incomplete: 'not completely checked',
}
const STYLES = { consistent: 'green', leaks: 'yellow', corrupt: 'red', incomplete: 'red' } as const

/** The answer first: is it sound, will QEMU open it; then what was found; then what to do. */
export function checkText(
  name: string,
  { image, counts, verdict, findings }: Survey,
  facts: StreamFacts,
  limit: number,
): string {
  const { style } = facts
  const listed = gravestFirst(findings).slice(0, limit)
  return [
    `${escapeText(name)}: ${style(STYLES[verdict], WORDS[verdict])}, ${opensText(image)}`,
    ...image.blockers.map(({ message }) => `  QEMU: ${escapeText(message)}`),
    ...listed.map((finding) => findingLine(finding, style)),
    ...(findings.length > listed.length
      ? [`  ... and ${findings.length - listed.length} more findings`]
      : []),
    `  ${countsText(counts, image.geometry.clusterSize)}`,
    ...snapshotLines(image),
    ...nextSteps(name, verdict, findings),
    '',
  ].join('\n')
}

function opensText({ blockers }: Image): string {
  if (blockers.length === 0) return 'QEMU opens it'
  return blockers.every(({ readable }) => readable)
    ? 'QEMU opens it for reading only'
    : 'QEMU does not open it'
}

function countsText(counts: CheckCounts, clusterSize: number): string {
  const { corruptions, leaks, checkErrors, totalClusters, allocatedClusters } = counts
  const faults = [
    ...(checkErrors > 0 ? [`${formatCount(checkErrors)} parts unchecked`] : []),
    ...(corruptions > 0 ? [`${formatCount(corruptions)} corruptions`] : []),
    ...(leaks > 0 ? [`${formatCount(leaks)} leaked clusters (${formatBytes(leaks * clusterSize)})`] : []),
  ]
  const use = `${formatCount(allocatedClusters)} of ${formatCount(totalClusters)} clusters in use (${formatShare(allocatedClusters, totalClusters)})`
  return [...(faults.length > 0 ? faults : ['no errors']), use].join(', ')
}

function snapshotLines({ snapshots, header }: Image): string[] {
  if (header.snapshotCount === 0) return []
  const sound = snapshots.entries.filter((entry) => entry.sound)
  const names = sound.map(({ id, name }) => escapeText(name === '' ? id : `${id} "${name}"`)).slice(0, 8)
  const more = sound.length > names.length ? ', ...' : ''
  return [
    `  snapshots: ${sound.length} sound of ${header.snapshotCount}${names.length > 0 ? `: ${names.join(', ')}${more}` : ''}`,
  ]
}

/** What an operator does now; never `qemu-img check -r`. */
function nextSteps(name: string, verdict: Verdict, findings: readonly Finding[]): string[] {
  if (verdict === 'consistent') return []
  const path = escapeText(name)
  const lossy = findings.some(({ code }) => code === 'lost-l2' || code === 'snapshot-orphan')
  return [
    ...(lossy
      ? ["  Data is behind what looks like waste: don't run qemu-img check -r, don't start the machine."]
      : []),
    `  See what a repair would do: qcow2-check plan ${path}`,
  ]
}
