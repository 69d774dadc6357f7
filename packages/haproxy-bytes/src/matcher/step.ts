import type { Alphabet } from './alphabets.ts'

/** One step over a message. `field` is the number of the field whose bytes it finds. */
export type Step =
  | { readonly kind: 'literal'; readonly bytes: Uint8Array }
  /** One blank; none where a blank has just been read, as a field without a value may write none after it. */
  | { readonly kind: 'separator' }
  /** At least one byte of an alphabet, as many as there are; the others tell readings apart where a line has several. */
  | {
      readonly kind: 'run'
      readonly alphabet: Alphabet
      readonly field: number
      readonly length?: number
      readonly pattern?: RegExp
    }
  /** `"` to the next `"`. */
  | { readonly kind: 'quoted'; readonly field: number }
  /** `21/Nov/2026:11:36:01 +0000` */
  | { readonly kind: 'zoned-date'; readonly field: number }
  /** `{a|b}`, or nothing; with the blank after it where `blank` is set. */
  | { readonly kind: 'captures'; readonly field: number; readonly blank: boolean }
  /** `"a" "b"`, or nothing; the next step must not begin with a quote. */
  | { readonly kind: 'capture-list'; readonly field: number; readonly blank: boolean }
  /** `2001:db8::1:443`: the last colon parts them. A relay may have put a blank after it, or taken the address away. */
  | { readonly kind: 'address-port'; readonly field: number; readonly port: number }

/**
 * What an open field is known to be made of, though where it ends shows only by what follows: bytes of an alphabet, of a
 * fixed length or at least one, that have a pattern; or text of a pattern, with the blank that vanishes with it where
 * `blank` is set. `sure`: bytes of which any number can be this field, in any order.
 */
export type Within =
  | {
      readonly kind: 'alphabet'
      readonly alphabet: Alphabet
      readonly length?: number
      readonly pattern?: RegExp
      readonly sure?: Alphabet
    }
  | {
      readonly kind: 'pattern'
      readonly pattern: RegExp
      readonly blank: boolean
      readonly sure?: Alphabet
    }

/** Steps up to the next open field, which ends where they are met. */
export interface Segment {
  readonly steps: readonly Step[]
  /** The open field before them; undefined for the first segment. */
  readonly open?: number
  /** Undefined where it may be anything. */
  readonly within?: Within
}

/** Numbers of the fields that a step finds. */
export function fieldsOfStep(step: Step): number[] {
  if (step.kind === 'literal' || step.kind === 'separator') return []
  return step.kind === 'address-port' ? [step.field, step.port] : [step.field]
}
