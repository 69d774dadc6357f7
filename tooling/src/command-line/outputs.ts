import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../errors/failure.ts'
import { type FileName, fileNameKey, fileNameText } from '../files/index.ts'

/** A file that the command line names to be written, with the option that names it. */
type NamedOutput = readonly [flag: string, path: FileName | undefined]

/**
 * Refuses outputs that name an input, each other or a folder, before anything is read: a page must never take the place
 * of what it draws.
 *
 * @throws UsageError
 */
export function checkOutputs(outputs: readonly NamedOutput[], inputs: readonly FileName[]): void {
  const taken = new Map(inputs.flatMap((path) => identities(path).map((identity) => [identity, 'an input'])))
  for (const [flag, path] of outputs) {
    if (path === undefined) continue
    const name = fileNameText(path)
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`${flag}: ${name} is a folder`, { remedy: 'name a file' })
    const own = identities(path)
    const other = own.map((identity) => taken.get(identity)).find((found) => found !== undefined)
    if (other !== undefined)
      throw new UsageError(`${flag}: ${name} is ${other} itself`, { remedy: `name another file for ${flag}` })
    for (const identity of own) taken.set(identity, `the file of ${flag}`)
  }
}

/** A file may have several names, and a name no file yet. */
function identities(path: FileName): string[] {
  const name = typeof path === 'string' ? resolve(path) : fileNameKey(path)
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() ? [name, `${stats.dev}:${stats.ino}`] : [name]
}
