import { InvalidArgumentError } from '@commander-js/extra-typings'

/** `KEY=VALUE`, parted at the first `=`; the key is not empty. */
export function pair(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('it must be KEY=VALUE.')
  return [text.slice(0, at), text.slice(at + 1)]
}
