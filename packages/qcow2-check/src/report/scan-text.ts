import { fileNameText } from '@nightshift/tooling/files'
import {
  displayPath,
  escapeText,
  formatBytes,
  formatCount,
  type StreamFacts,
} from '@nightshift/tooling/terminal'
import type { ScanResult, ScanTotals, ScanVerdict } from '../scan/index.ts'
import { SCAN_VERDICTS } from '../scan/index.ts'

const STYLES = {
  consistent: 'green',
  leaks: 'yellow',
  corrupt: 'red',
  incomplete: 'red',
  'not-qcow2': 'yellow',
  failed: 'red',
} as const
const LONGEST = 'incomplete'.length

/** One line: `corrupt     /images/a.qcow2: QEMU does not open it; refcount-low 3, leak 1`. */
export function scanLine(result: ScanResult, { style }: StreamFacts): string {
  const { path, verdict, error, image } = result
  const codes = Object.entries(image?.codes ?? {}).map(([code, count]) => `${code} ${count}`)
  const told = [
    ...(error ? [escapeText(withoutPath(error.message, fileNameText(path)))] : []),
    ...(image && image.blockers.length > 0 ? ['QEMU does not open it'] : []),
    ...(image && image.counts.leaks > 0
      ? [`${formatBytes(image.counts.leaks * image.clusterSize)} leaked`]
      : []),
    ...(codes.length > 0 ? [codes.join(', ')] : []),
    ...(image?.inUse !== undefined ? [`in use, so this is a hint (${escapeText(image.inUse)})`] : []),
  ]
  const line = `${style(STYLES[verdict], verdict.padEnd(LONGEST))}  ${displayPath(path)}`
  return told.length > 0 ? `${line}: ${told.join('; ')}` : line
}

const withoutPath = (message: string, path: string): string =>
  message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message

const WORDS: Readonly<Record<ScanVerdict, string>> = {
  failed: 'could not be looked at',
  incomplete: 'not completely checked',
  corrupt: 'corrupt',
  leaks: 'with leaks only',
  'not-qcow2': 'no QCOW2 images',
  consistent: 'consistent',
}

/** `400 images: 2 corrupt, 1 with leaks only, 397 consistent`. */
export function scanTotalsText(totals: ScanTotals): string {
  const parts = SCAN_VERDICTS.filter((verdict) => totals[verdict] > 0).map(
    (verdict) => `${formatCount(totals[verdict])} ${WORDS[verdict]}`,
  )
  const images = `${formatCount(totals.images)} ${totals.images === 1 ? 'image' : 'images'}`
  return parts.length > 0 ? `${images}: ${parts.join(', ')}` : images
}
