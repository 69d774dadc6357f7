import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { RrdError } from '../format/index.ts'

/**
 * One or several OLDs as a list, for callers without types too.
 * @throws RrdError EUSAGE
 */
export function listOfOlds(olds: FileName | readonly FileName[]): readonly FileName[] {
  const list: unknown = Array.isArray(olds) ? olds : [olds]
  const names = list as readonly FileName[]
  if (names.length === 0) throw new RrdError('EUSAGE', 'no OLD is named')
  for (const name of names) requireName(name, 'OLD')
  return names
}

/** @throws RrdError EUSAGE unless it can be a path */
export function requireName(name: unknown, what: string): asserts name is FileName {
  if (typeof name !== 'string' && !Buffer.isBuffer(name))
    throw new RrdError('EUSAGE', `${what} must be a path, a string or a Buffer, not ${String(name)}`)
  if (name.length === 0) throw new RrdError('EUSAGE', `${what} is an empty path`)
  if (name.includes('\0'))
    throw new RrdError('EUSAGE', `${JSON.stringify(fileNameText(name))}: a path can't contain NUL`)
}

/** @throws RrdError EUSAGE unless it is left out or one of those that there are */
export function requireChoice(option: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value as string)) return
  throw new RrdError('EUSAGE', `${option} can't be ${JSON.stringify(value)}`, {
    remedy: `give one of ${choices.join(', ')}`,
  })
}
