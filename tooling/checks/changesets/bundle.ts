import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { bundledPackages } from '../../build/licences.ts'
import { withScratch } from '../scratch.ts'
import type { WorkspacePackage } from '../workspace.ts'
import { exportTree, git } from './git.ts'

const TOOLING = '@nightshift/tooling'

/**
 * Whether the tooling of the working tree gives `tool` another bundle than the tooling of `commit` did, all else
 * being as it is now. Both are bundled for real, from two copies of the same shape: a changed comment, or code that
 * this tool never takes in, leaves the bundle as it was.
 */
export function toolingAltersBundle(top: string, tool: WorkspacePackage, commit: string): Promise<boolean> {
  return withScratch('bundle', async (scratch) => {
    const before = layOut(join(scratch, 'a'), top, tool)
    if (!exportTree(top, commit, 'tooling', before.top)) return true
    linkModules(join(top, 'tooling'), join(before.top, 'tooling'))
    const now = layOut(join(scratch, 'b'), top, tool)
    cpSync(join(top, 'tooling/src'), join(now.top, 'tooling/src'), { recursive: true })
    cpSync(join(top, 'tooling/package.json'), join(now.top, 'tooling/package.json'))
    linkModules(join(top, 'tooling'), join(now.top, 'tooling'))
    const entries = await entryPoints(tool)
    // The tool as it is now may need tooling that the commit didn't have yet, or be broken altogether.
    const [earlier, current] = await Promise.all(
      [before, now].map((copy) => bundle(copy.tool, entries).catch(() => undefined)),
    )
    return !earlier || !current || earlier.text !== current.text || !lockedAt(top, commit, current.packages)
  })
}

/** A workspace of one tool: its sources, its modules, and tooling as the neighbour that is yet to come. */
function layOut(folder: string, top: string, tool: WorkspacePackage): { top: string; tool: string } {
  const copy = join(folder, 'packages', basename(tool.folder))
  cpSync(join(tool.folder, 'src'), join(copy, 'src'), { recursive: true })
  linkModules(tool.folder, copy)
  mkdirSync(join(copy, 'node_modules/@nightshift'), { recursive: true })
  symlinkSync(join(folder, 'tooling'), join(copy, 'node_modules', TOOLING))
  symlinkSync(join(top, 'node_modules'), join(folder, 'node_modules'))
  return { top: folder, tool: copy }
}

/** The modules pnpm gave a package, save the tooling, which is the one that differs between the copies. */
function linkModules(from: string, to: string): void {
  mkdirSync(join(to, 'node_modules'), { recursive: true })
  if (!existsSync(join(from, 'node_modules'))) return
  for (const name of readdirSync(join(from, 'node_modules'))) {
    if (name.startsWith('.') || name === '@nightshift') continue
    symlinkSync(realpathSync(join(from, 'node_modules', name)), join(to, 'node_modules', name))
  }
}

/** Everything that the tool's build starts from, relative to its folder: library, command line, threads. */
async function entryPoints({ folder }: WorkspacePackage): Promise<string[]> {
  const { default: config } = await import(pathToFileURL(join(folder, 'tsup.config.ts')).href)
  const builds = [config].flat() as { entry: Record<string, string> }[]
  return [...new Set(builds.flatMap(({ entry }) => Object.values(entry)))]
}

interface Bundle {
  readonly text: string
  /** `name@version` of the packages of others in it. */
  readonly packages: readonly string[]
}

async function bundle(folder: string, entries: readonly string[]): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: entries.map((entry) => join(folder, entry)),
    absWorkingDir: folder,
    outdir: join(folder, 'dist'),
    bundle: true,
    metafile: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    // Only what runs counts: comments and layout don't.
    minifyWhitespace: true,
    legalComments: 'none',
    define: { __VERSION__: '"0"' },
    logLevel: 'silent',
  })
  const packages = bundledPackages(metafile).map((module) => {
    const { name, version } = JSON.parse(readFileSync(resolve(folder, module, 'package.json'), 'utf8'))
    return `${name}@${version}`
  })
  return { text: outputFiles.map(({ path, text }) => `${basename(path)}\n${text}`).join('\n'), packages }
}

/**
 * Whether the lockfile of `commit` already had each of `packages`. Both bundles take the modules that are installed
 * now, so code of others that was upgraded shows here and only here.
 */
function lockedAt(top: string, commit: string, packages: readonly string[]): boolean {
  const lockfile = git(top, 'show', `${commit}:pnpm-lock.yaml`)
  if (lockfile === undefined) return true
  const locked = new Set([...lockfile.matchAll(/^ {2}'?([^'\s(]+@[^'\s(]+)'?:$/gm)].map(([, name]) => name))
  return packages.every((name) => locked.has(name))
}
