/** Built-in modules that take 1 to 5 ms to load (Node 20) and that most runs never use. */
const HEAVY = 'child_process|crypto|dgram|net|os|tls|v8|worker_threads|zlib'

/** `var node_crypto = require('node:crypto');`, as rollup writes named imports. */
const HEAVY_IMPORT = new RegExp(`^var (node_(${HEAVY})(?:\\$\\d+)?) = (require\\('node:\\2'\\));$`, 'gm')

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
