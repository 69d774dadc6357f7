import { readdirSync, statSync } from 'node:fs'
import { nameFilter } from '@nightshift/tooling/files'

const MAGIC = /[*?[{]/

/**
 * The files that a shell pattern names, sorted; a quoted one reaches a tool unexpanded, and then it can be looked at
 * again after a rotation. Undefined for a name without `*`, `?`, `[` or `{`, or one that exists as it is.
 */
export function expandGlob(pattern: string): readonly string[] | undefined {
  if (!MAGIC.test(pattern) || exists(pattern)) return undefined
  let paths = [pattern.startsWith('/') ? '/' : '']
  for (const part of pattern.split('/').filter((text) => text !== ''))
    paths = paths.flatMap((folder) => (MAGIC.test(part) ? matching(folder, part) : [join(folder, part)]))
  return paths.filter(exists).sort()
}

function matching(folder: string, pattern: string): string[] {
  const { takesFile } = nameFilter({ include: [pattern], exclude: [] })
  try {
    // As in a shell, a hidden file is named only by a pattern that begins with its dot.
    return readdirSync(folder === '' ? '.' : folder)
      .filter((name) => takesFile(name, name) && (!name.startsWith('.') || pattern.startsWith('.')))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

const join = (folder: string, name: string): string =>
  folder === '' || folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
