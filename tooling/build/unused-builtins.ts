import type { Plugin } from 'esbuild'

/**
 * Leaves `node:child_process` out of commander: it loads it at its start, for subcommands that are programs of their
 * own. No tool here declares one, and loading it costs 2 ms of every start (Node 20).
 */
export function unusedBuiltins(): Plugin {
  return {
    name: 'unused-builtins',
    setup(build) {
      build.onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
        /[\\/]commander[\\/]lib[\\/]command\.js$/.test(importer)
          ? { path: 'none', namespace: 'unused-builtin' }
          : undefined,
      )
      build.onLoad({ filter: /.*/, namespace: 'unused-builtin' }, () => ({ contents: 'module.exports = {}' }))
    },
  }
}
