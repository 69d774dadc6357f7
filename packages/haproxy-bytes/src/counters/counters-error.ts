/** `no-counters`: neither `show stat`, nor an exposition, nor snapshots; the others: a row that can't be read. */
export type CountersErrorCode = 'no-counters' | 'bad-row' | 'bad-snapshot'

const WHY: Readonly<Record<CountersErrorCode, string>> = {
  'no-counters':
    'it holds neither `show stat` (CSV with its header), nor a snapshot, nor a Prometheus exposition',
  'bad-row': 'a row of `show stat` has other columns than its header',
  'bad-snapshot': 'this line is no snapshot',
}

/** A text that should hold counters, and doesn't. */
export class CountersError extends Error {
  override readonly name = 'CountersError'
  readonly code: CountersErrorCode
  /** From 1; 0 where it is no single line. */
  readonly line: number

  constructor(code: CountersErrorCode, line = 0) {
    super(line > 0 ? `line ${line}: ${WHY[code]}` : WHY[code])
    this.code = code
    this.line = line
  }
}
