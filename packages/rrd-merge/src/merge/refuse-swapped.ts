import { RrdError } from '../format/error.ts'
import type { RrdHeader } from '../format/types.ts'
import type { MergeOptions } from './options.ts'
import { dateOf, type MergeWarning, warning } from './warnings.ts'

/**
 * An OLD updated after NEW: the roles are most likely swapped, and rows after NEW's last update have no place.
 * @throws RrdError ESWAPPED unless `allowNewerOld`
 */
export function refuseSwapped(
  target: RrdHeader,
  old: RrdHeader,
  options: Pick<MergeOptions, 'allowNewerOld'>,
  index: number,
): MergeWarning[] {
  if (!isAfter(old, target)) return []
  const dates = `OLD was last updated ${stamp(old)}, NEW ${stamp(target)}`
  if (options.allowNewerOld !== true) {
    throw new RrdError('ESWAPPED', `swapped? ${dates}`, {
      remedy: 'give OLD first and NEW last, or --allow-newer-old fills what has a place in NEW',
    })
  }
  return [
    warning('newer-old', `${dates}: rows after that have no place in NEW`, {
      old: index,
      oldLastUpdate: old.lastUpdate,
      newLastUpdate: target.lastUpdate,
    }),
  ]
}

function isAfter(a: RrdHeader, b: RrdHeader): boolean {
  return a.lastUpdate > b.lastUpdate || (a.lastUpdate === b.lastUpdate && a.lastUpdateUsec > b.lastUpdateUsec)
}

const stamp = ({ lastUpdate }: RrdHeader): string => `${dateOf(lastUpdate)} (${lastUpdate})`
