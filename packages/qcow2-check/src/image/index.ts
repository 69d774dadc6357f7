export { entryFault, tableEntriesFor } from './bitmaps/bitmap-rules.ts'
export { isPin, PIN_GRANULARITY_BITS, pinName, pinNumber } from './bitmaps/pins.ts'
export type {
  Bitmap,
  Blocker,
  Image,
  L1Table,
  OwnedRange,
  Snapshot,
  SnapshotTable,
} from './image.ts'
export { type HeaderMend, mendHeader } from './mend-header.ts'
export { type OpenOptions, openImage } from './open-image.ts'
export { looksWritten, nameText } from './snapshots/entry-shape.ts'
