import { spawnSync } from 'node:child_process'

/** Runs git in `cwd` and gives what it printed, or undefined where it answered no. */
export function git(cwd: string, ...args: string[]): string | undefined {
  const { error, status, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (error) throw new Error(`git: ${error.message}`)
  return status === 0 ? stdout : undefined
}

/** Paths under `paths` that differ between a commit and the working tree, files git doesn't track yet included. */
export function changedSince(cwd: string, commit: string, paths: readonly string[]): string[] {
  const changed = git(cwd, 'diff', '--name-only', '-z', commit, '--', ...paths) ?? ''
  const untracked = git(cwd, 'ls-files', '-z', '--others', '--exclude-standard', '--', ...paths) ?? ''
  return [...new Set(`${changed}${untracked}`.split('\0').filter((path) => path !== ''))].sort()
}

/** Writes `path` as `commit` has it under `folder`; false where the commit has no such path. */
export function exportTree(cwd: string, commit: string, path: string, folder: string): boolean {
  const archive = spawnSync('git', ['archive', '--format=tar', commit, '--', path], {
    cwd,
    maxBuffer: 1 << 28,
  })
  if (archive.status !== 0) return false
  return spawnSync('tar', ['-x', '-C', folder], { input: archive.stdout }).status === 0
}
