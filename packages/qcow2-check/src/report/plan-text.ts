import { escapeText, formatBytes, formatCount, type StreamFacts } from '@nightshift/tooling/terminal'
import type { Action, Plan } from '../plan/plan.ts'
import { VERDICT_WORDS } from './summary-text.ts'
import { many, place } from './words.ts'

/** What would change and why, then what that leads to, then what consent would cure. */
export function planText({ actions, after, wanted, refused }: Plan, facts: StreamFacts): string {
  const lines = [
    ...(actions.length === 0
      ? [`  ${nothingText(after.verdict, wanted.length)}`]
      : actions.map((action) => actionLine(action, facts))),
    ...refused.map((id) => `  left out, as it would have changed what a guest reads: ${escapeText(id)}`),
    `  ${afterText(after)}`,
    ...wanted.map(
      ({ class: name, codes }) =>
        `  > --allow ${name}: would also cure ${codes.length > 0 ? codes.join(', ') : 'something'}; ${CONSENT[name]}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

function nothingText(verdict: Plan['after']['verdict'], wanted: number): string {
  if (verdict === 'consistent') return 'nothing to repair'
  return wanted > 0
    ? 'nothing is repaired without consent'
    : 'nothing of it can be repaired: rescue copies what can be read to a new image'
}

/** What it leads to: `afterwards consistent`. */
export function afterText({ verdict, counts }: Plan['after']): string {
  const rest = [
    ...(counts.corruptions > 0 ? [many(counts.corruptions, 'corruption')] : []),
    ...(counts.leaks > 0 ? [many(counts.leaks, 'leaked cluster')] : []),
  ]
  return `afterwards: ${VERDICT_WORDS[verdict]}${rest.length > 0 ? ` (${rest.join(', ')})` : ''}`
}

function actionLine(action: Action, { style }: StreamFacts): string {
  const { class: name, safe, lossy, why, writes } = action
  const bytes = writes.reduce((sum, { after }) => sum + after.length, 0)
  const first = writes[0]
  const kind = safe ? style('green', 'safe') : style('yellow', lossy ? 'lossy' : 'allowed')
  const where = first ? ` at ${place(first.offset)}, ${formatBytes(bytes)}` : ''
  return `  ${kind.padEnd(kind.length + Math.max(0, 7 - (safe ? 4 : lossy ? 5 : 7)))}  ${name}${where}: ${escapeText(why)}${touches(action)}`
}

function touches({ guest, snapshots, safe }: Action): string {
  const bytes = guest.reduce((sum, { length }) => sum + length, 0)
  const parts = [
    ...(bytes > 0
      ? [`the guest reads ${safe ? 'its data again' : 'other bytes'} in ${formatBytes(bytes)}`]
      : []),
    ...(snapshots.length > 0
      ? [
          `${snapshots.length === 1 ? 'snapshot' : 'snapshots'} ${snapshots.slice(0, 8).map(escapeText).join(', ')}${snapshots.length > 8 ? ` and ${formatCount(snapshots.length - 8)} more` : ''}`,
        ]
      : []),
  ]
  return parts.length > 0 ? ` (${parts.join('; ')})` : ''
}

/** What an operator agrees to. */
const CONSENT: Readonly<Record<Plan['wanted'][number]['class'], string>> = {
  'free-leaks': 'clusters that nothing references are freed, whatever they hold',
  'drop-snapshot': 'a snapshot that is lost leaves the list',
  'adopt-snapshot': 'a snapshot that was found is listed again',
  'zero-cluster': 'what is lost reads as zeros, for good',
  'clear-reserved': 'bits that must be 0 are cleared, and the rest of the entry is believed',
  relink: 'a lost table is put where it most likely was',
  'split-cross-link': 'each user of a shared cluster gets a copy; one of them was overwritten',
  'extend-file': 'what was cut off reads as zeros',
  'drop-bitmaps': 'dirty bitmaps go, and the next backup is a full one',
  'pin-leaks':
    'leaked clusters are held by a bitmap in use, so that nothing frees them; qemu-img bitmap --remove gives them back',
}
