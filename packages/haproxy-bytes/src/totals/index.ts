export {
  type GroupedTotals,
  groupedTotals,
  type LineCounts,
  noLines,
  type TimeSpan,
  Totals,
} from './grouped-totals.ts'
export { KEY_NAMES, type Key, keyNamed, type LocalTime } from './keys.ts'
export { addSums, type Group, type GroupKey, knownBytesIn, noSums, type Sums } from './sums.ts'
