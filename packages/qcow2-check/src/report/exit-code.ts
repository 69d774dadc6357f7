import type { Verdict } from '../check/survey.ts'
import type { Qcow2ErrorCode } from '../errors.ts'

/** Those of `qemu-img check`, and three of our own that it doesn't use. */
export const EXIT = {
  consistent: 0,
  notCompleted: 1,
  corrupt: 2,
  leaks: 3,
  inUse: 4,
  stale: 5,
  notQcow2: 63,
  usage: 64,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_OF_VERDICT: Readonly<Record<Verdict, ExitCode>> = {
  consistent: EXIT.consistent,
  incomplete: EXIT.notCompleted,
  corrupt: EXIT.corrupt,
  leaks: EXIT.leaks,
}

/** By the code of an error that ends a run; any other error ends it with `notCompleted`. */
export const EXIT_OF_ERROR: Readonly<Partial<Record<Qcow2ErrorCode | 'EUSAGE' | 'EMISSING', ExitCode>>> = {
  'not-qcow2': EXIT.notQcow2,
  'in-use': EXIT.inUse,
  'lock-state-unknown': EXIT.inUse,
  stale: EXIT.stale,
  EUSAGE: EXIT.usage,
}

const GRAVEST_FIRST: readonly ExitCode[] = [
  EXIT.notCompleted,
  EXIT.inUse,
  EXIT.stale,
  EXIT.corrupt,
  EXIT.leaks,
  EXIT.notQcow2,
  EXIT.consistent,
]

/** Of several images the worst: 1 (with -r: > 4 > 5) > 2 > 3 > 63 > 0. Without any, 0. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT.consistent
}
