import { resolve } from 'node:path'
import type { Options } from 'tsup'
import { directImports } from './direct-imports.ts'
import { joinChunks, type Together } from './join-chunks.ts'
import { licencePlugin } from './licences.ts'
import { unusedBuiltins } from './unused-builtins.ts'
import { withoutComments } from './without-comments.ts'

interface ToolBuild {
  /** The package's version, compiled in so that a start reads no package.json. */
  readonly version: string
  /** Library entry points by name: each becomes an ESM file, a CommonJS file and declarations. */
  readonly library: Record<string, string>
  /** Further entry points that the command line starts by file name (worker threads). */
  readonly workers?: Record<string, string>
  /** Dynamic imports that one run of the command line needs together. */
  readonly together?: Together
}

/**
 * How every tool is built: the library as ESM and CommonJS with declarations, and the command line as one
 * small CommonJS entry whose dynamic imports become sibling chunks, read only by the command that needs them
 * (a CommonJS entry starts 4 to 5 ms sooner than an ES module on Node 20). `src/bin.ts` runs what `src/cli.ts` declares,
 * so that the declaration can be read (man page, README) without running it.
 */
export function tsupPreset({ version, library, workers = {}, together = [] }: ToolBuild): Options[] {
  const shared = {
    target: 'node20',
    platform: 'node',
    outDir: 'dist',
    define: { __VERSION__: JSON.stringify(version) },
    noExternal: [/^(?!node:)/],
    sourcemap: false,
    // 'node:fs' stays so: the tarball check tells a built-in from a package by it.
    removeNodeProtocol: false,
    splitting: true,
    treeshake: true,
    esbuildPlugins: [licencePlugin()],
  } satisfies Options
  return [
    { ...shared, entry: library, format: ['esm', 'cjs'], dts: true },
    {
      ...shared,
      entry: { cli: 'src/bin.ts', ...workers },
      // ES chunks first, then few CommonJS files: see joinChunks.
      format: ['esm'],
      treeshake: false,
      plugins: [joinChunks(['cli', ...Object.keys(workers)], together)],
      esbuildPlugins: [
        ...shared.esbuildPlugins,
        unusedBuiltins(),
        withoutComments(),
        directImports({ '@nightshift/tooling': resolve(process.cwd(), '../../tooling') }),
      ],
      esbuildOptions(options) {
        // The library's chunks lie in the same folder, and two builds must never write one file.
        options.chunkNames = 'cli-[name]-[hash]'
      },
      outExtension: () => ({ js: '.cjs' }),
    },
  ]
}
