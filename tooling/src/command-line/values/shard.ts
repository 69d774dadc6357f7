import { InvalidArgumentError } from '@commander-js/extra-typings'

/** One of `count` equal parts of the work, by its number from 0. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** `I/N`, I from 0 to N-1. */
export function shard(text: string): Shard {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text)
  const index = Number(match?.[1])
  const count = Number(match?.[2])
  if (match === null || count < 1 || index >= count) {
    throw new InvalidArgumentError('it must be I/N with I from 0 to N-1, such as 0/4.')
  }
  return { index, count }
}
