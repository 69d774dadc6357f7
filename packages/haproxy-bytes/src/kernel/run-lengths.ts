import { type Alphabet, alphabetOf, WORD } from '../matcher/alphabets.ts'
import type { Step } from '../matcher/step.ts'

const without = (alphabet: Alphabet, ...bytes: readonly number[]): Alphabet => {
  const marks = Uint8Array.from(alphabet)
  for (const byte of bytes) marks[byte] = 0
  return marks
}
const of = (...bytes: readonly number[]): Alphabet => {
  const marks = new Uint8Array(256)
  for (const byte of bytes) marks[byte] = 1
  return marks
}

/** Quotes are counted where several formats are in play (see exclusions.ts): a word with one is handed over. */
export const WORD_WITHOUT_QUOTE = without(WORD, 0x22)
/** What an address with its port is looked for in (walkAddressPort). */
export const ADDRESS_WORD: Alphabet = new Uint8Array(256).fill(1).fill(0, 0, 33)
ADDRESS_WORD[0x5b] = 0
ADDRESS_WORD[0x22] = 0
export const NO_COLON = without(new Uint8Array(256).fill(1), 0x3a)
export const PORT = of(0x2d, ...Buffer.from('0123456789abcdefABCDEF'))

/** Usual lengths: by them the places are chosen where a window is opened. Any length is right. */
const USUAL = new Map<Alphabet | undefined, number>([
  [alphabetOf('integer', false), 4],
  [alphabetOf('integer', true), 8],
  [alphabetOf('address', false), 15],
  [alphabetOf('name', false), 11],
  [alphabetOf('date', false), 24],
  [alphabetOf('state', false), 4],
  [WORD, 16],
])

export function usualLength(step: Step): number {
  switch (step.kind) {
    case 'literal':
      return step.bytes.length
    case 'run':
      return USUAL.get(step.alphabet) ?? 16
    case 'address-port':
      return 21
    default:
      return 1
  }
}

/** Alphabets by which a step is walked; undefined for one that ends a window. */
export function alphabetsOf(step: Step): readonly Alphabet[] | undefined {
  switch (step.kind) {
    case 'literal':
    case 'separator':
      return []
    case 'run':
      return [step.alphabet === WORD ? WORD_WITHOUT_QUOTE : step.alphabet]
    case 'address-port':
      return [ADDRESS_WORD, NO_COLON, PORT]
    default:
      return undefined
  }
}
