import { InvalidArgumentError } from '@nightshift/tooling/command-line'
import { CONSENT_CLASSES, type ConsentClass } from '../findings/index.ts'

/** `free-leaks,relink`. */
export function classList(text: string): readonly ConsentClass[] {
  return text.split(',').map((word) => {
    const known = CONSENT_CLASSES.find((name) => name === word)
    if (known === undefined) {
      throw new InvalidArgumentError(
        `${word === '' ? 'it is empty' : 'it is no class'}: one of ${CONSENT_CLASSES.join(', ')}.`,
      )
    }
    return known
  })
}
