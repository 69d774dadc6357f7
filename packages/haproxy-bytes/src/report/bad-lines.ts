import type { LineCounts } from '../totals/index.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** By how many lines could not be summed, against --max-bad. */
export function badLines({ unparsed, truncated }: Readonly<LineCounts>, most: number): ExitCode {
  return unparsed + truncated > most ? EXIT.unparsed : EXIT.ok
}
