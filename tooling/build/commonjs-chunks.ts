import { transform } from 'esbuild'
import type { Options } from 'tsup'

/** tsup doesn't export its plugin type. */
type TsupPlugin = NonNullable<Options['plugins']>[number]

/**
 * Turns the ES chunks of a split build into CommonJS whose dynamic imports are lazy `require`s.
 *
 * tsup's own ways don't serve a command line: with `treeshake` (rollup) `import()` stays, and starts Node's loader for
 * ES modules (9 ms measured on Node 20, of 22 for `node -e 0`); without it (sucrase) every `??` and `?.` is lowered
 * to a call with a closure, in hot loops too. esbuild does neither.
 */
export function commonjsChunks(): TsupPlugin {
  return {
    name: 'commonjs-chunks',
    async renderChunk(code, info) {
      if (info.type !== 'chunk' || !info.path.endsWith('.cjs')) return
      const result = await transform(code, {
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        supported: { 'dynamic-import': false },
        define: { 'import.meta.url': '__fileUrl' },
      })
      const fileUrl = "const __fileUrl = require('node:url').pathToFileURL(__filename).href;\n"
      return { code: result.code.includes('__fileUrl') ? withSecondLine(result.code, fileUrl) : result.code }
    },
  }
}

/** A hashbang stays the first line. */
function withSecondLine(code: string, line: string): string {
  const end = code.startsWith('#!') ? code.indexOf('\n') + 1 : 0
  return code.slice(0, end) + line + code.slice(end)
}
