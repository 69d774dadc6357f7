export type { BlockSource, WritableSource } from './source.ts'
