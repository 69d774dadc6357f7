import type { Options } from 'tsup'
import { licencePlugin } from './licences.ts'

interface ToolBuild {
  /** The package's version, compiled in so that a start reads no package.json. */
  readonly version: string
  /** Library entry points by name: each becomes an ESM file, a CommonJS file and declarations. */
  readonly library: Record<string, string>
  /** Further entry points that the command line starts by file name (worker threads). */
  readonly workers?: Record<string, string>
}

/**
 * How every tool is built: the library as ESM and CommonJS with declarations, and the command line as one
 * small CommonJS entry whose dynamic imports become sibling chunks, read only by the command that needs them
 * (a CommonJS entry starts 4 to 5 ms sooner than an ES module on Node 20).
 */
export function tsupPreset({ version, library, workers = {} }: ToolBuild): Options[] {
  const shared: Options = {
    target: 'node20',
    platform: 'node',
    outDir: 'dist',
    define: { __VERSION__: JSON.stringify(version) },
    noExternal: [/^(?!node:)/],
    sourcemap: false,
    splitting: true,
    treeshake: true,
    esbuildPlugins: [licencePlugin()],
  }
  return [
    { ...shared, entry: library, format: ['esm', 'cjs'], dts: true },
    {
      ...shared,
      entry: { cli: 'src/cli.ts', ...workers },
      format: ['cjs'],
      outExtension: () => ({ js: '.cjs' }),
    },
  ]
}
