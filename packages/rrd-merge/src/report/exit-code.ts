import type { FileReport } from './types.ts'
import type { Warning } from './warning.ts'

/** Exit codes of `rrd-merge merge`; where several hold in a tree, 5 beats 4 beats 1. */
export const EXIT = {
  done: 0,
  someFailed: 1,
  usage: 2,
  nothingMatched: 3,
  lateWriter: 4,
  notWritten: 5,
} as const

type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** By the code of an error that ends a run; any other error ends it with `someFailed`. */
export const EXIT_OF_ERROR: Readonly<Record<string, ExitCode>> = {
  EMISSING: EXIT.usage,
  EUSAGE: EXIT.usage,
  ELATE: EXIT.lateWriter,
  EWRITE: EXIT.notWritten,
  OUTPUT: EXIT.notWritten,
}

const SEVERITY: readonly ExitCode[] = [EXIT.done, EXIT.someFailed, EXIT.lateWriter, EXIT.notWritten]

/** What one file means for the exit code of the run. */
export function exitCodeOf(file: FileReport): ExitCode {
  if (file.error?.code === 'EWRITE') return EXIT.notWritten
  if (file.error?.code === 'ELATE' || file.warnings.some(isLoss)) {
    return EXIT.lateWriter
  }
  return file.status === 'failed' ? EXIT.someFailed : EXIT.done
}

/** The graver of two exit codes in the order 5 > 4 > 1 > 0. */
export function graver(a: ExitCode, b: ExitCode): ExitCode {
  return SEVERITY.indexOf(a) >= SEVERITY.indexOf(b) ? a : b
}

/** An update that may be lost; one whose rows were brought over into the new file is only remarked. */
const isLoss = ({ code, recovered }: Warning): boolean => code === 'late-writer' && recovered !== true
