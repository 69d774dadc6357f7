import { escapeText, formatBytes, type StreamFacts } from '@nightshift/tooling/terminal'
import type { RescuedDisk, RescueResult } from '../rescue/index.ts'
import { many } from './words.ts'

/** Lost ranges listed for a disk; the map has all. */
const SHOWN = 8

/** What was rescued, and what is missing where. */
export function rescueText(
  name: string,
  { disks, dropped, complete }: RescueResult,
  dryRun: boolean,
  { style }: StreamFacts,
): string {
  const answer = complete ? style('green', 'complete') : style('red', 'not complete')
  const lines = [
    `${escapeText(name)}: ${dryRun ? 'would be rescued' : 'rescued'}, ${answer}`,
    ...disks.flatMap((disk) => diskLines(disk)),
    ...dropped.map(
      ({ id, name: title, reason }) =>
        `  left out: snapshot ${escapeText(id)} ${escapeText(title)}: nothing of it can be had (${reason})`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

function diskLines(disk: RescuedDisk): string[] {
  const { output, size, lost, lostBytes, notReadBytes, vmStateLost } = disk
  const missing = [
    ...(lostBytes > 0 ? [`${formatBytes(lostBytes)} lost`] : []),
    ...(notReadBytes > 0 ? [`${formatBytes(notReadBytes)} not read`] : []),
    ...(vmStateLost ? ['the machine state is missing'] : []),
  ]
  return [
    `  ${diskName(disk)}: ${formatBytes(size)} to ${escapeText(output)}${missing.length > 0 ? `, ${missing.join(', ')}` : ''}`,
    ...lost
      .slice(0, SHOWN)
      .map(
        ({ offset, length, reason, status }) =>
          `    ${status === 'lost' ? 'lost' : 'not read'}: ${formatBytes(length)} at 0x${offset.toString(16)} (${reason}); zeros there`,
      ),
    ...(lost.length > SHOWN ? [`    ... and ${many(lost.length - SHOWN, 'range')} more (--map)`] : []),
  ]
}

function diskName({ kind, id, name, orphan }: RescuedDisk): string {
  if (kind === 'active') return 'the active disk'
  const title = escapeText(name === undefined || name === '' ? (id ?? '') : name)
  return kind === 'orphan' ? `orphan:${orphan} (${title})` : `snapshot ${title}`
}
