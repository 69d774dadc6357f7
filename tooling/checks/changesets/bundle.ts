import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import type { WorkspacePackage } from '../workspace.ts'
import { exportTree } from './git.ts'

const TOOLING = '@nightshift/tooling'

/**
 * Whether the tooling of the working tree gives `tool` another bundle than the tooling of `commit` did, all else
 * being as it is now. Both are bundled for real, from two copies of the same shape: a changed comment, or code that
 * this tool never takes in, leaves the bundle as it was.
 */
export async function toolingAltersBundle(
  top: string,
  tool: WorkspacePackage,
  commit: string,
): Promise<boolean> {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'bundle-'))
  try {
    const before = layOut(join(scratch, 'a'), top, tool)
    if (!exportTree(top, commit, 'tooling', before.top)) return true
    linkModules(join(top, 'tooling'), join(before.top, 'tooling'))
    const now = layOut(join(scratch, 'b'), top, tool)
    cpSync(join(top, 'tooling/src'), join(now.top, 'tooling/src'), { recursive: true })
    cpSync(join(top, 'tooling/package.json'), join(now.top, 'tooling/package.json'))
    linkModules(join(top, 'tooling'), join(now.top, 'tooling'))
    const current = await bundle(now.tool)
    // The tool as it is now may need tooling that the commit didn't have yet.
    return (await bundle(before.tool).catch(() => undefined)) !== current
  } finally {
    rmSync(scratch, { recursive: true })
  }
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

async function bundle(folder: string): Promise<string> {
  const entries = ['cli', 'index']
    .map((name) => join(folder, 'src', `${name}.ts`))
    .filter((file) => existsSync(file))
  const { outputFiles } = await build({
    entryPoints: entries,
    absWorkingDir: folder,
    outdir: join(folder, 'dist'),
    bundle: true,
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
  return outputFiles.map(({ path, text }) => `${basename(path)}\n${text}`).join('\n')
}
