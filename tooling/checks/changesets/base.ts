import { git } from './git.ts'

/** git's name for a tree without files: everything is new compared with it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

export interface Base {
  readonly commit: string
  /** For the person who reads the result: what was compared with. */
  readonly description: string
}

/**
 * Where this branch left main. Undefined where there is no such point: no main, no common history, or main itself
 * is checked out and nothing says which of its commits belong to one change.
 */
export function branchBase(top: string): Base | undefined {
  for (const main of ['origin/main', 'main']) {
    const commit = git(top, 'merge-base', 'HEAD', main)?.trim()
    if (!commit) continue
    if (main === 'main' && commit === git(top, 'rev-parse', 'HEAD')?.trim()) return undefined
    return { commit, description: `the merge base with ${main} (${commit.slice(0, 10)})` }
  }
  return undefined
}

/** The last release of a tool: `changeset version` writes its changelog then, and nothing else ever does. */
export function lastRelease(top: string, toolPath: string): Base {
  const commit = git(top, 'log', '-1', '--format=%H', '--', `${toolPath}/CHANGELOG.md`)?.trim()
  if (!commit) return { commit: EMPTY_TREE, description: 'nothing, as it was never released' }
  return { commit, description: `its last release (${commit.slice(0, 10)})` }
}
