export { describeError, type ErrorDescription, isAbortError } from './describe.ts'
export { Failure, type FailureDetails, UsageError } from './failure.ts'
export { type SystemErrorWords, systemErrorWords } from './system-errors.ts'
export { withPath } from './with-path.ts'
