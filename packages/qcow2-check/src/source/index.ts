export { type FileSource, fileSourceOf, openFileSource } from './file-source.ts'
export { MemorySource } from './memory-source.ts'
export { type Change, OverlaySource } from './overlay-source.ts'
export type { BlockSource, WritableSource } from './source.ts'
