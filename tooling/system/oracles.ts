import { installedVersions } from './installed.ts'
import { DEBIAN_PACKAGES } from './packages.ts'

/**
 * Versions of everything that a test result depends on and that the repository doesn't hold, in one line. turbo
 * counts it into the key of each test task: without it a pass would be replayed from the cache after rrdtool,
 * the browser or Node itself was upgraded.
 */
export function oracleVersions(): string {
  const versions = installedVersions(DEBIAN_PACKAGES.map(({ name }) => name))
  const packages = DEBIAN_PACKAGES.map(({ name }) => `${name}=${versions.get(name) ?? 'none'}`)
  // Root passes permission checks that others fail: the same tests may end otherwise.
  const user = process.getuid?.() === 0 ? 'root' : 'user'
  return [`node=${process.version}`, `user=${user}`, ...packages].join(' ')
}
