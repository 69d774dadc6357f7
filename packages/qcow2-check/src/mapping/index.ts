export type { DiskSelector, Extent, ExtentKind } from './extent.ts'
export { type MappingOptions, mapping } from './mapping.ts'
