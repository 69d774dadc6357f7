import { constants } from 'node:os'
import { InvalidArgumentError } from '@nightshift/tooling/command-line'
import { NAME_PATTERN } from '../program/index.ts'

/** `--name`: it becomes the name of files. */
export function daemonName(text: string): string {
  if (!NAME_PATTERN.test(text)) {
    throw new InvalidArgumentError(
      'it must be a letter or a digit, then up to 63 letters, digits, dots, hyphens, underscores or @.',
    )
  }
  return text
}

/** `TERM`, `SIGTERM`, `term` or `15`. */
export function signalName(text: string): NodeJS.Signals {
  const names = Object.entries(constants.signals)
  const upper = text.toUpperCase()
  const found = names.find(
    ([name, number]) => name === upper || name === `SIG${upper}` || String(number) === text,
  )
  if (found === undefined) throw new InvalidArgumentError('it must be a signal such as TERM, SIGUSR1 or 15.')
  return found[0] as NodeJS.Signals
}
