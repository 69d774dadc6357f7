export { type LineMatcher, matcherOf, type Outcome } from './line-matcher.ts'
