export { type LineConsumer, LineSplitter, LONGEST_LINE } from './line-splitter.ts'
