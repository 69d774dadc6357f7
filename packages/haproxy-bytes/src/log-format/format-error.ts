/** What is wrong with a log-format string. */
export type FormatErrorCode = 'unknown-alias' | 'unknown-flag' | 'open-bracket' | 'empty-expression'

const WHY: Readonly<Record<FormatErrorCode, (detail: string) => string>> = {
  'unknown-alias': (detail) => `HAProxy has no %${detail}`,
  'unknown-flag': (detail) => `there is no flag ${detail}`,
  'open-bracket': (detail) => `"${detail}" is missing`,
  'empty-expression': () => 'the expression is empty',
}

/** A log-format string that HAProxy would refuse too. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  readonly code: FormatErrorCode
  /** The whole string. */
  readonly format: string
  /** Where the item begins in it, characters from 0. */
  readonly offset: number

  constructor(code: FormatErrorCode, format: string, offset: number, detail = '') {
    super(`log-format, character ${offset + 1}: ${WHY[code](detail)}`)
    this.code = code
    this.format = format
    this.offset = offset
  }
}
