import { formatBytes } from '@nightshift/tooling/terminal'

/** What a reader of logs has to be told, beside the lines. */
export type ScanWarning =
  /** The same lines are in `as`, which holds all of them (and more, with `contained`): they count once. */
  | { readonly code: 'same-content' | 'contained'; readonly path: string; readonly as: string }
  /** Local times that occurred twice, taken for the earlier. */
  | { readonly code: 'time-twice'; readonly path: string; readonly lines: number }
  /** The last line has no line feed and isn't whole: it is still being written, and not counted. */
  | { readonly code: 'unfinished-line'; readonly path: string; readonly offset: number }
  /** The file got shorter while it was read: lines were read that may count again where they were copied to. */
  | { readonly code: 'shrank'; readonly path: string; readonly offset: number }
  /** The file was copied and emptied while it was followed, and is read to its end in the copy. */
  | { readonly code: 'copied'; readonly path: string; readonly as: string }
  /** Bytes after the end of a compressed file, which are none of it; they begin about there. */
  | { readonly code: 'garbage'; readonly path: string; readonly offset: number }
  /** Lines are further out of order than a search by time can bear: the log was read whole. */
  | {
      readonly code: 'out-of-order'
      readonly path: string
      readonly offset: number
      readonly seconds: number
    }
  /** No line tells of so long a time where lines of the span should be, so they may be elsewhere: the log was read whole. */
  | {
      readonly code: 'hole'
      readonly path: string
      readonly offset: number
      readonly seconds: number
    }
  /**
   * Lines before `from` and from `to` on were not read, as the log is in order at all places that were looked at. A line of
   * the span that is there all the same, where nobody looked, is not in the result.
   */
  | {
      readonly code: 'sought'
      readonly path: string
      readonly from: number
      readonly to: number
      /** Bytes of the log, and how many of them were read or looked at. */
      readonly length: number
      readonly read: number
      readonly places: number
    }

/** A log that could not be read to its end. What came before is counted. */
export interface ReadFailure {
  readonly path: string
  /** Of the file, compressed as it is. */
  readonly offset: number
  readonly why: string
}

/** The one text of each. */
export function scanWarningText(warning: ScanWarning): string {
  const { path } = warning
  switch (warning.code) {
    case 'same-content':
      return `${path}: the same lines as in ${warning.as}: counted once`
    case 'contained':
      return `${path}: ${warning.as} has all of its lines, and more: counted once`
    case 'time-twice':
      return `${path}: the clocks went back: ${warning.lines} times occurred twice, and were taken for the earlier`
    case 'unfinished-line':
      return `${path}: the line at byte ${warning.offset} isn't complete yet: not counted`
    case 'shrank':
      return `${path}: it was cut to ${warning.offset} bytes while it was read (copytruncate?): the rest is where it was copied to`
    case 'copied':
      return `${path}: it was copied and emptied (copytruncate): read to its end as ${warning.as}; what was written between the two is lost`
    case 'garbage':
      return `${path}: what follows its end, from about byte ${warning.offset}, is not compressed: ignored`
    case 'hole':
      return `${path}: no line of ${warning.seconds} seconds before byte ${warning.offset}, as if they were elsewhere: read whole`
    case 'sought':
      return `${path}: ${formatBytes(warning.read)} of ${formatBytes(warning.length)} read: by their order, looked at in ${warning.places} places, no other lines are of the span (--no-seek reads all and proves it)`
    case 'out-of-order':
      return `${path}: the line at byte ${warning.offset} is ${warning.seconds} seconds out of order: read whole`
  }
}

export const readFailureText = ({ path, offset, why }: ReadFailure): string =>
  `${path}: at byte ${offset}: ${why}: what comes before it is counted`
