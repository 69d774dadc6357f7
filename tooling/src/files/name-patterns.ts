import picomatch from 'picomatch'
import { type FileName, fileNameText } from './file-name.ts'

/** Which files of a tree are meant; every list may be empty. */
export interface NamePatterns {
  /** A file is taken if one of these matches. Empty: all are. */
  readonly include: readonly string[]
  /** A file or a whole folder is left if one of these matches. */
  readonly exclude: readonly string[]
}

export interface NameFilter {
  /** @param path relative to the tree's root */
  takesFile(path: FileName, name: FileName): boolean
  /** False if an exclude pattern names the folder, so that there is no need to enter it. */
  entersFolder(path: FileName, name: FileName): boolean
}

/**
 * Shell patterns (`*`, `?`, `[]`, `{a,b}`, `**`) on the path relative to the root; one without a slash also on the name
 * alone, as rsync and .gitignore have it. Hidden names match like others. A leading `./` or `/` of a pattern means the
 * root; a trailing `/` means the folder.
 */
export function nameFilter({ include, exclude }: NamePatterns): NameFilter {
  const included = include.map(matcher)
  const excluded = exclude.map(matcher)
  const anyOf = (matchers: readonly Matcher[], path: FileName, name: FileName): boolean => {
    if (matchers.length === 0) return false
    const pathText = fileNameText(path)
    const nameText = fileNameText(name)
    return matchers.some((matches) => matches(pathText, nameText))
  }
  return {
    takesFile: (path, name) =>
      (included.length === 0 || anyOf(included, path, name)) && !anyOf(excluded, path, name),
    entersFolder: (path, name) => !anyOf(excluded, path, name),
  }
}

type Matcher = (path: string, name: string) => boolean

function matcher(pattern: string): Matcher {
  const anchored = pattern.startsWith('/') || pattern.startsWith('./')
  const glob = pattern.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')
  // Flag s: a "." of the compiled expression also matches the newlines of odd names.
  const matches = picomatch(glob, { dot: true, flags: 's', strictSlashes: true })
  if (anchored || glob.includes('/')) return (path) => matches(path)
  return (path, name) => matches(name) || matches(path)
}
