import type { Finding } from '../finding.ts'
import type { TextFile } from './tracked.ts'

/**
 * Each tool holds the repository's licence. pnpm would put the root's into a tarball by itself, but takes
 * THIRD_PARTY_LICENSES for a licence file and then doesn't.
 */
export function checkLicenceCopies(files: readonly TextFile[]): Finding[] {
  const root = files.find(({ path }) => path === 'LICENSE')?.text
  const tools = files.flatMap(({ path }) => /^packages\/[^/]+(?=\/package\.json$)/.exec(path)?.[0] ?? [])
  const wrong = tools.filter((tool) => files.find(({ path }) => path === `${tool}/LICENSE`)?.text !== root)
  return wrong.map((tool) => ({ where: `${tool}/LICENSE`, what: 'is not the same as LICENSE at the top' }))
}
