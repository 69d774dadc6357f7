import type { Field, LogFormat } from '../log-format/index.ts'
import { compileSteps } from './compile-steps.ts'
import { EncodedMatcher } from './encoded-matcher.ts'
import { Matcher } from './matcher.ts'
import type { Spans } from './spans.ts'

/**
 * `whole`: every item was met; `cut`: the line ends before its format does, and the fields found so far are right;
 * `ambiguous`: whole, but fields may begin or end elsewhere too; `none`: of another format.
 */
export type Outcome = 'whole' | 'cut' | 'ambiguous' | 'none'

/** Finds the fields of one format in lines. One line at a time: what it gives is of the last. */
export interface LineMatcher {
  readonly fields: readonly Field[]
  readonly spans: Spans
  /** After `ambiguous`: numbers of the fields of which two readings differ. */
  readonly doubtful: readonly number[]
  /** Matches `bytes` from `at` to `end`, without the end of the line. */
  match(bytes: Uint8Array, at: number, end: number): Outcome
  /** What the spans are places in: the line, or its values decoded. */
  textOf(line: Uint8Array): Uint8Array
}

/** @param wanted names of fields that are worth a second look where a line is in doubt; all if not given */
export function matcherOf(format: LogFormat, wanted?: ReadonlySet<string>): LineMatcher {
  const { encoding } = format
  return encoding === 'text'
    ? new Matcher(compileSteps(format), wanted)
    : new EncodedMatcher({ ...format, encoding })
}
