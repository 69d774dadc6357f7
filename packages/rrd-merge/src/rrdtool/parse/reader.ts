/** Reads one subcommand's answer as it comes in. Both methods throw AnswerError where it isn't what rrdtool prints. */
export interface Reader<T> {
  push(chunk: Uint8Array): void
  /** The answer is whole and the program said OK. */
  end(): T
}
