import { InvalidArgumentError } from '@nightshift/tooling/command-line'
import { type Accounting, parseVersion } from '../model/index.ts'

/** The value of `--haproxy-version`. */
export function haproxyVersion(text: string): string {
  if (parseVersion(text) === undefined)
    throw new InvalidArgumentError('it must be a version such as 2.6 or 2.6.12.')
  return text
}

/** What `--model` may be, and what %B counts then; `auto`: as version, snapshots and lines tell. */
export const MODELS: Readonly<Record<string, Accounting | undefined>> = {
  auto: undefined,
  legacy: 'wire',
  htx: 'htx',
  '3.3.0': 'swapped',
  '3.4': 'htx-own-zero',
}
