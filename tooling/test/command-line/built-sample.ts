import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { tsupPreset } from '../../build/tsup.ts'

/** The sample tool, built as every tool is built. */
export interface BuiltSample {
  /** dist/cli.cjs */
  readonly cli: string
  readonly dist: string
  /** A folder of its own for a test's files. */
  readonly folder: string
  remove(): void
}

/** Builds the command line of the sample tool by the preset, into a folder of its own. */
export async function buildSample(): Promise<BuiltSample> {
  const folder = mkdtempSync(join(tmpdir(), 'sample-tool-'))
  const dist = join(folder, 'dist')
  const [, commandLine] = tsupPreset({ version: '1.2.3', library: {} })
  const bin = fileURLToPath(new URL('./sample-tool/bin.ts', import.meta.url))
  await build({
    ...commandLine,
    entry: { cli: bin },
    outDir: dist,
    // The licence texts would be written into the working folder, which is no package of ours here.
    esbuildPlugins: commandLine?.esbuildPlugins?.filter(({ name }) => name !== 'third-party-licences') ?? [],
    config: false,
    silent: true,
  })
  return { cli: join(dist, 'cli.cjs'), dist, folder, remove: () => rmSync(folder, { recursive: true }) }
}
