export { SharedCounter } from './shared-counter.ts'
