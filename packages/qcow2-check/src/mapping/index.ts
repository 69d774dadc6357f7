export type { DiskSelector, Extent, ExtentKind } from './extent.ts'
export type { GuestSource, LostRange } from './extent-reader.ts'
export { type GuestBytes, GuestReader, type GuestReaderOptions, readGuest } from './guest-reader.ts'
export { type MappingOptions, mapping } from './mapping.ts'
