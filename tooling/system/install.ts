import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { installedVersions, NoDpkgError } from './installed.ts'
import type { DebianPackage } from './packages.ts'

export type InstallOutcome =
  | { readonly status: 'present' | 'installed' }
  | { readonly status: 'failed'; readonly message: string }

/** The one command that a person has to run where this can't be done for them. */
export function installCommand(names: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`
}

/**
 * Installs what is missing of `packages`, and nothing else. Needs root or a sudo that asks no password; does
 * nothing at all where everything is there, so it may run before every test.
 */
export function installPackages(packages: readonly DebianPackage[]): InstallOutcome {
  try {
    const missing = missingOf(packages)
    if (missing.length === 0) return { status: 'present' }
    const asRoot = privilege()
    if (!asRoot)
      return failure(missing, 'they are missing, and this is neither root nor a sudo without password')
    if (!hasPackageLists()) runApt(asRoot, ['update'])
    install(asRoot, missing)
    const still = missingOf(packages)
    if (still.length > 0) return failure(still, 'apt-get could not install them')
    return { status: 'installed' }
  } catch (error) {
    if (!(error instanceof NoDpkgError)) throw error
    const names = packages.map(({ name }) => name)
    return {
      status: 'failed',
      message: `This is no Debian (no dpkg-query). Needed here: ${names.join(', ')}`,
    }
  }
}

function missingOf(packages: readonly DebianPackage[]): DebianPackage[] {
  const installed = installedVersions(packages.map(({ name }) => name))
  return packages.filter(({ name }) => !installed.has(name))
}

/** Lists that are there but old name versions that the mirror has dropped: then once more, with fresh ones. */
function install(asRoot: readonly string[], missing: readonly DebianPackage[]): void {
  const args = ['install', '-y', '--no-install-recommends', ...missing.map(({ name }) => name)]
  if (runApt(asRoot, args)) return
  runApt(asRoot, ['update'])
  runApt(asRoot, args)
}

/** What to put before apt-get, or nothing at all if there is no way. */
function privilege(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined
}

function hasPackageLists(): boolean {
  try {
    return readdirSync('/var/lib/apt/lists').some((name) => name.includes('_Packages'))
  } catch {
    return false
  }
}

/** apt-get's own output goes to stderr: stdout belongs to what the caller prints. */
function runApt(asRoot: readonly string[], args: readonly string[]): boolean {
  const [program, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args] as [
    string,
  ]
  return spawnSync(program, rest, { stdio: ['ignore', 2, 2] }).status === 0
}

function failure(missing: readonly DebianPackage[], why: string): InstallOutcome {
  const reasons = missing.map(({ name, reason }) => `  ${name.padEnd(10)} ${reason}`).join('\n')
  const command = installCommand(missing.map(({ name }) => name))
  return {
    status: 'failed',
    message: `Real programs that the tests need (${why}):\n${reasons}\nRun:\n  ${command}`,
  }
}
