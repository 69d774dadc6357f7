export { type IncompleteLog, type Merged, mergePartials } from './merge.ts'
export { PartialError, type PartialErrorCode, type PartialResult, type PartialSource } from './partial.ts'
export { parsePartials, partialRows } from './rows.ts'
export { mergeWarnings, repeatWarnings } from './warnings.ts'
