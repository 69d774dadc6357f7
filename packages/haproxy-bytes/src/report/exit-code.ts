import type { HaproxyBytesErrorCode } from '../errors.ts'
import type { PartialErrorCode } from '../partial/index.ts'

export const EXIT = {
  ok: 0,
  /** A gap above --tolerance. */
  gap: 1,
  usage: 2,
  /** Lines that can't be read, above --max-bad. */
  unparsed: 3,
  /** Lines were lost. */
  loss: 4,
  /** Counters that can't be compared. */
  incomparable: 5,
  inputOutput: 6,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** By the code of an error that ends a run. */
export const EXIT_OF_ERROR: Readonly<
  Record<HaproxyBytesErrorCode | PartialErrorCode | 'EUSAGE' | 'EMISSING', ExitCode>
> = {
  unreadable: EXIT.inputOutput,
  'not-written': EXIT.inputOutput,
  'no-log': EXIT.usage,
  'bad-format': EXIT.usage,
  'bad-config': EXIT.usage,
  overlap: EXIT.usage,
  'other-keys': EXIT.usage,
  'other-settings': EXIT.usage,
  'no-partial': EXIT.inputOutput,
  'bad-row': EXIT.inputOutput,
  EUSAGE: EXIT.usage,
  EMISSING: EXIT.inputOutput,
}

const GRAVEST_FIRST: readonly ExitCode[] = [
  EXIT.inputOutput,
  EXIT.incomparable,
  EXIT.unparsed,
  EXIT.loss,
  EXIT.gap,
  EXIT.ok,
]

/** Where several hold: 6 > 5 > 3 > 4 > 1. Without any, 0. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT.ok
}
