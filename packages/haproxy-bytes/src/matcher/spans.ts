/** Where the fields of a line are: begin and end of each, -1 where it isn't there. */
export interface Spans {
  readonly from: Int32Array
  readonly to: Int32Array
}

export function newSpans(length: number): Spans {
  return { from: new Int32Array(length), to: new Int32Array(length) }
}
