import { RrdError } from '../format/error.ts'
import type { RrdHeader } from '../format/types.ts'
import { instant } from '../report/instant.ts'
import type { MergeOptions } from './options.ts'

/**
 * An OLD updated after NEW: the roles are most likely swapped, and rows after NEW's last update have no place.
 * @throws RrdError ESWAPPED unless `allowNewerOld`
 */
export function refuseSwapped(
  target: RrdHeader,
  old: RrdHeader,
  options: Pick<MergeOptions, 'allowNewerOld'>,
  label = 'OLD',
): void {
  if (options.allowNewerOld === true || !isAfter(old, target)) return
  throw new RrdError('ESWAPPED', `swapped? ${bothDates(target, old, label)}`, {
    remedy: 'give OLD first and NEW last; or --allow-newer-old fills what has a place in NEW',
  })
}

/** Whether `a` was updated after `b`. */
export function isAfter(a: RrdHeader, b: RrdHeader): boolean {
  return a.lastUpdate > b.lastUpdate || (a.lastUpdate === b.lastUpdate && a.lastUpdateUsec > b.lastUpdateUsec)
}

export const bothDates = (target: RrdHeader, old: RrdHeader, label: string): string =>
  `${label} was last updated ${stamp(old)}, NEW ${stamp(target)}`

const stamp = ({ lastUpdate, lastUpdateUsec }: RrdHeader): string =>
  `${instant(lastUpdate)} (${lastUpdate}${lastUpdateUsec === 0 ? '' : `.${String(lastUpdateUsec).padStart(6, '0')}`})`
