import { RrdError } from '../format/error.ts'
import { LATEST_TIME } from '../format/rra-def.ts'
import { parseDouble } from './number.ts'
import { nameBytes } from './text.ts'

/** What an element may hold: other elements, or text. */
export interface Scope {
  /** The scope of a child element, by its name in lower case; undefined where it may not be. */
  readonly child?: (name: string) => Scope | undefined
  /** Called with the trimmed text of an element that holds text. */
  readonly text?: (text: string) => void
  /** Called when the element ends, after `text`. */
  readonly close?: () => void
}

/** Where the reader is, for messages. */
export interface Place {
  readonly line: number
  readonly column: number
}

export const xmlError = (place: Place, why: string, remedy?: string): RrdError =>
  new RrdError(
    'EXML',
    `bad XML at line ${place.line}, column ${place.column}: ${why}`,
    remedy === undefined ? {} : { remedy },
  )

const quoted = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text)

/** Makes the scopes of elements that hold one value, each failing with the place where it stands. */
export class Values {
  private readonly place: () => Place

  constructor(place: () => Place) {
    this.place = place
  }

  fail(why: string, remedy?: string): never {
    throw xmlError(this.place(), why, remedy)
  }

  double(set: (value: number) => void): Scope {
    return { text: (text) => set(this.parseDouble(text)) }
  }

  parseDouble(text: string): number {
    const value = parseDouble(text)
    return value === undefined ? this.fail(`${quoted(text)} is no number`) : value
  }

  /** An unsigned 64-bit count. */
  count(set: (value: bigint) => void): Scope {
    return {
      text: (text) => {
        const value = /^\+?\d{1,20}$/.test(text) ? BigInt(text) : -1n
        if (value < 0n || value > 0xffff_ffff_ffff_ffffn) this.fail(`${quoted(text)} is no count`)
        set(value)
      },
    }
  }

  /** A whole number from `least` to the longest time there is. */
  whole(least: number, set: (value: number) => void): Scope {
    return {
      text: (text) => {
        const value = /^\+?\d{1,16}$/.test(text) ? Number(text) : -1
        if (value < least || value > LATEST_TIME) {
          this.fail(`${quoted(text)} is no whole number from ${least} to ${LATEST_TIME}`)
        }
        set(value)
      },
    }
  }

  /** Bytes of a char field of `size`, the NUL included. */
  name(size: number, set: (value: string) => void): Scope {
    return {
      text: (text) => {
        const bytes = nameBytes(text)
        if (bytes.length >= size) this.fail(`${quoted(text)} is longer than ${size - 1} bytes`)
        set(bytes)
      },
    }
  }
}
