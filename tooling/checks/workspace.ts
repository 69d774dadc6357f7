import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly man?: string | readonly string[]
  readonly files?: readonly string[]
  readonly scripts?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

export interface WorkspacePackage {
  /** Absolute folder. */
  readonly folder: string
  /** Folder relative to the top of the repository, with `/`. */
  readonly path: string
  readonly manifest: Manifest
}

/** The tools, in the order of their names: every package.json under packages/. */
export function tools(top: string): WorkspacePackage[] {
  if (!existsSync(join(top, 'packages'))) return []
  const names = readdirSync(join(top, 'packages')).sort()
  return names.flatMap((name) => readPackage(top, `packages/${name}`) ?? [])
}

/** All packages of the workspace: the tools, and the tooling they share. */
export function workspacePackages(top: string): WorkspacePackage[] {
  const tooling = readPackage(top, 'tooling')
  return tooling ? [...tools(top), tooling] : tools(top)
}

function readPackage(top: string, path: string): WorkspacePackage | undefined {
  const folder = join(top, path)
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return undefined
  return { folder, path, manifest: JSON.parse(readFileSync(file, 'utf8')) as Manifest }
}
