import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { entryPoints, install } from '../package/consumer.ts'
import { pack } from '../package/packed.ts'
import { type Ran, run } from '../run.ts'
import type { WorkspacePackage } from '../workspace.ts'
import type { NodeVersion } from './versions.ts'

/**
 * What a tool's `test/nodes/smoke.ts` exports as `smoke`: its main job on real input, in an empty folder, with
 * `tool` running the packed command line. Throws where the outcome isn't right.
 */
export type Smoke = (tool: (args: readonly string[]) => Promise<Ran>, folder: string) => Promise<void>

export interface SmokeResult {
  readonly check: string
  /** Undefined where it passed. */
  readonly problem: string | undefined
}

/** Packs the tool and installs it as a user does; gives the folder it is installed in. */
export async function installPacked(tool: WorkspacePackage, scratch: string): Promise<string> {
  const folder = join(scratch, tool.manifest.name)
  await install(await pack(tool.folder, join(scratch, 'tarballs')), folder)
  return folder
}

/** Runs the packed tool on one version of Node: both module systems, its help, and its main job. */
export async function smokeTest(
  { manifest: { name, version, bin = {}, exports = {} }, folder: source }: WorkspacePackage,
  { program, version: nodeVersion }: NodeVersion,
  installed: string,
): Promise<SmokeResult[]> {
  const node = (args: readonly string[], cwd = installed) => run(program, args, { cwd })
  const cli = join(installed, 'node_modules', name, bin[name] ?? '')
  const work = join(installed, `on-${nodeVersion}`)
  mkdirSync(work)
  const { smoke } = (await import(pathToFileURL(join(source, 'test/nodes/smoke.ts')).href)) as {
    smoke: Smoke
  }
  const entries = entryPoints({ name, version, exports })
  const results: SmokeResult[] = [
    expectOutput('--help', await node([cli, '--help']), name),
    expectOutput('--version', await node([cli, '--version']), version),
    expectOutput(
      'import',
      await node(['--input-type=module', '-e', entries.map((e) => `import '${e}'`).join('\n')]),
    ),
    expectOutput('require', await node(['-e', entries.map((e) => `require('${e}')`).join('\n')])),
  ]
  const problem = await smoke((args) => node([cli, ...args], work), work).then(
    () => undefined,
    (error: Error) => error.message,
  )
  return [...results, { check: 'job', problem }]
}

function expectOutput(check: string, { status, stdout, stderr }: Ran, part = ''): SmokeResult {
  if (status === 0 && stdout.includes(part) && stderr === '') return { check, problem: undefined }
  return { check, problem: `ended with ${status}: ${stderr || stdout}` }
}
