import { spawnSync } from 'node:child_process'

/** This machine has no dpkg: nothing is known of its packages, and apt-get can't mend that. */
export class NoDpkgError extends Error {
  override readonly name = 'NoDpkgError'
}

/**
 * Versions of those of `names` that are completely installed. A package that was removed but left its
 * configuration, or whose installation broke off, is not: dpkg-query lists it, with another state.
 */
export function installedVersions(names: readonly string[]): Map<string, string> {
  const format = ['db:Status-Status', 'Package', 'Version'].map((field) => `\${${field}}`).join('\t')
  const query = ['-W', '-f', `${format}\n`, ...names]
  const { error, stdout } = spawnSync('dpkg-query', query, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  if (error) throw new NoDpkgError(`dpkg-query: ${error.message}`)
  const versions = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const [state, name, version] = line.split('\t')
    if (state === 'installed' && name && version) versions.set(name, version)
  }
  return versions
}
