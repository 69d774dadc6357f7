export { type Groups, GroupTable, type TableParts } from './group-table.ts'
export {
  type GroupedTotals,
  groupedTotals,
  type LineCounts,
  noLines,
  type TimeSpan,
  Totals,
} from './grouped-totals.ts'
export { KEY_NAMES, type Key, keyNamed, type LocalTime } from './keys.ts'
export { type Group, type GroupKey, knownBytesIn, type Sums } from './sums.ts'
