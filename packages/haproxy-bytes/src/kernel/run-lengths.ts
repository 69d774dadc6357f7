import { type Alphabet, alphabetOf, WORD } from '../matcher/alphabets.ts'
import type { Step } from '../matcher/step.ts'

/** These have forms that are checked as a whole. */
export const DATE = alphabetOf('date', false)
export const STATE = alphabetOf('state', false)

const WORD_WITHOUT_QUOTE: Alphabet = Uint8Array.from(WORD, (mark, byte) => (byte === 0x22 ? 0 : mark))

/** Quotes are counted where several formats are in play (see exclusions.ts): a word with one is handed over. */
export function alphabetOfRun(alphabet: Alphabet): Alphabet {
  return alphabet === WORD ? WORD_WITHOUT_QUOTE : alphabet
}

/** Usual lengths: by them it is chosen what is walked together. Any length is right. */
const USUAL = new Map<Alphabet | undefined, number>([
  [alphabetOf('integer', false), 3],
  [alphabetOf('integer', true), 8],
  [alphabetOf('address', false), 15],
  [alphabetOf('name', false), 9],
  [STATE, 4],
])

export function usualLength(run: Extract<Step, { kind: 'run' }>): number {
  return USUAL.get(run.alphabet) ?? 16
}
