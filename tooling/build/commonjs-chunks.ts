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
    async renderChunk(source, info) {
      if (info.type !== 'chunk' || !info.path.endsWith('.cjs')) return
      const result = await transform(source, {
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        supported: { 'dynamic-import': false },
        define: { 'import.meta.url': '__fileUrl' },
      })
      const code = lateBuiltins(result.code)
      const fileUrl = "const __fileUrl = require('node:url').pathToFileURL(__filename).href;\n"
      return { code: code.includes('__fileUrl') ? withSecondLine(code, fileUrl) : code }
    },
  }
}

/** Built-in modules that take 1 to 5 ms to load (Node 20) and that most runs never use. */
const HEAVY = 'child_process|crypto|dgram|net|os|tls|worker_threads|zlib'

/** `var import_node_crypto = require("node:crypto");`, as esbuild writes it. */
const HEAVY_IMPORT = new RegExp(
  `^var (import_node_(${HEAVY})\\d*) = (require\\("node:\\2"\\)|__toESM\\(require\\("node:\\2"\\)(?:, 1)?\\));$`,
  'gm',
)

/** Has heavy built-in modules loaded where they are first used, not where the chunk begins. */
export function lateBuiltins(code: string): string {
  const names: string[] = []
  const late = code.replace(HEAVY_IMPORT, (_, name: string, _module: string, loaded: string) => {
    names.push(name)
    return `const ${name} = () => ${loaded};`
  })
  // `new` takes the first call it meets for its own.
  return names.reduce(
    (text, name) => text.replaceAll(`new ${name}.`, `new (${name}()).`).replaceAll(`${name}.`, `${name}().`),
    late,
  )
}

/** A hashbang stays the first line. */
function withSecondLine(code: string, line: string): string {
  const end = code.startsWith('#!') ? code.indexOf('\n') + 1 : 0
  return code.slice(0, end) + line + code.slice(end)
}
