import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/**
 * Leaves the doc comments out of commander, which esbuild keeps inside classes: 50 KB of 130 that V8 reads through at
 * every start. Its licence ships in THIRD_PARTY_LICENSES.
 */
export function withoutComments(): Plugin {
  return {
    name: 'without-comments',
    setup(build) {
      build.onLoad({ filter: /[\\/]commander[\\/]lib[\\/]\w+\.js$/ }, async ({ path }) => ({
        contents: (await readFile(path, 'utf8')).replace(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm, ''),
        loader: 'js',
      }))
    },
  }
}
