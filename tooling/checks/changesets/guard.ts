import type { Finding } from '../finding.ts'
import { tools, type WorkspacePackage } from '../workspace.ts'
import { type Base, branchBase, lastRelease } from './base.ts'
import { toolingAltersBundle } from './bundle.ts'
import { changedSince } from './git.ts'
import { type Changeset, checkTexts, pendingChangesets } from './pending.ts'

/** Where a change may reach any tool: the code they share, and which versions of others' code they bundle. */
const SHARED = ['tooling/src', 'tooling/package.json', 'pnpm-lock.yaml']

export interface GuardResult {
  readonly findings: readonly Finding[]
  /** One sentence a comparison. */
  readonly compared: readonly string[]
}

/**
 * Nothing that users of a tool receive may change without a changeset that names it: not its own sources, and not
 * what it bundles of the tooling, which changesets itself never sees, as tooling is a private devDependency.
 *
 * A branch answers for its own changes with its own changesets. What main holds since a tool's last release is
 * answered for by any pending changeset.
 */
export async function guardChangesets(top: string): Promise<GuardResult> {
  const changesets = pendingChangesets(top)
  const all = tools(top).filter(({ manifest }) => !manifest.private)
  const findings = checkTexts(
    changesets,
    all.map(({ manifest }) => manifest.name),
  )
  const compared: string[] = []
  const base = branchBase(top)
  if (base) {
    const own = changedSince(top, base.commit, ['.changeset'])
    const written = changesets.filter(({ path }) => own.includes(path))
    findings.push(...(await uncovered(top, all, () => base, written)))
    compared.push(`this branch with ${base.description}`)
  }
  findings.push(...(await uncovered(top, all, ({ path }) => lastRelease(top, path), changesets)))
  compared.push(
    ...all.map(({ path, manifest }) => `${manifest.name} with ${lastRelease(top, path).description}`),
  )
  return { findings, compared }
}

async function uncovered(
  top: string,
  all: readonly WorkspacePackage[],
  baseOf: (tool: WorkspacePackage) => Base,
  changesets: readonly Changeset[],
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const tool of all) {
    const { name } = tool.manifest
    if (changesets.some(({ packages }) => packages.includes(name))) continue
    const { commit, description } = baseOf(tool)
    const why = await whatChanged(top, tool, commit)
    if (why)
      findings.push({
        where: name,
        what: `${why} since ${description}, and no changeset names it: npx changeset`,
      })
  }
  return findings
}

async function whatChanged(top: string, tool: WorkspacePackage, commit: string): Promise<string | undefined> {
  const own = changedSince(top, commit, [`${tool.path}/src`, `${tool.path}/schema`])
  if (own.length > 0) return `${own[0]}${own.length > 1 ? ` and ${own.length - 1} more` : ''} changed`
  const shared = changedSince(top, commit, SHARED)
  if (shared.length > 0 && (await toolingAltersBundle(top, tool, commit))) {
    return `${shared[0]}${shared.length > 1 ? ` and ${shared.length - 1} more` : ''} changed, which alters its bundle,`
  }
  return undefined
}
