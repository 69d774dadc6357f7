import { chmodSync, rmSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type GetManualChunk, type Plugin, rollup } from 'rollup'
import type { Options } from 'tsup'
import { lateBuiltins } from './late-builtins.ts'

/** tsup doesn't export its plugin type. */
type TsupPlugin = NonNullable<Options['plugins']>[number]

/**
 * Files that are imported dynamically and that one run needs together, by the name of what they are joined to. A later
 * group stands on those before it in its family; two families have nothing to do with one another.
 */
export type Together = readonly Readonly<Record<string, readonly string[]>>[]

/**
 * Joins the ES chunks of a split build into few CommonJS files, whose dynamic imports are lazy `require`s.
 *
 * esbuild makes a chunk of every set of modules that the same entries need: some fifty for one command, and each costs
 * Node 0.3 ms to find, read and compile. What a run needs in any case goes into one file instead. CommonJS starts 4 to
 * 5 ms sooner than ES modules (Node 20); a true `import()` in it would start Node's loader for those after all.
 *
 * @param entries names of the entries, the command line's first
 */
export function joinChunks(entries: readonly [string, ...string[]], together: Together): TsupPlugin {
  return {
    name: 'join-chunks',
    async buildEnd({ writtenFiles }) {
      const files = writtenFiles.map(({ name }) => resolve(name))
      const chunks = new Chunks(files)
      const graph = await rollup({
        input: Object.fromEntries(entries.map((entry) => [entry, chunks.entry(entry)])),
        preserveEntrySignatures: false,
        external: /^[^./]/,
        treeshake: false,
        plugins: [commonjsWays],
      })
      // Everything is read by now, and what is written takes the same names.
      for (const file of files) rmSync(file)
      const dir = dirname(files[0] as string)
      const { output } = await graph.write({
        dir,
        format: 'cjs',
        dynamicImportInCjs: false,
        minifyInternalExports: false,
        // A chunk would begin with the built-in modules of every chunk that it imports: 20 ms for `child_process`.
        hoistTransitiveImports: false,
        entryFileNames: '[name].cjs',
        chunkFileNames: ({ name }) => `${name.startsWith('cli-') ? '' : 'cli-'}[name].cjs`,
        manualChunks: chunks.joined(entries, together),
      })
      for (const file of output) {
        if (file.type === 'chunk' && file.code.startsWith('#!')) chmodSync(resolve(dir, file.fileName), 0o755)
      }
    },
  }
}

/** The chunks that esbuild has written: `NAME.cjs` for an entry, `cli-NAME-HASH.cjs` for a dynamic import of NAME. */
class Chunks {
  readonly #files: readonly string[]

  constructor(files: readonly string[]) {
    this.#files = files
  }

  entry(name: string): string {
    return this.#one(`entry ${name}`, (file) => file === `${name}.cjs`)
  }

  #dynamic(name: string): string {
    const pattern = new RegExp(`^cli-${name}-[A-Z0-9]+\\.cjs$`)
    return this.#one(`dynamic import of ${name}`, (file) => pattern.test(file))
  }

  #one(what: string, matches: (file: string) => boolean): string {
    const found = this.#files.filter((file) => matches(basename(file)))
    if (found.length !== 1) throw new Error(`${what}: ${found.length} chunks have its name`)
    return found[0] as string
  }

  /**
   * What the first entry needs, and what two families share lest one be read for the other, goes into the first entry's
   * file; into `base` where there are other entries, which must not run the first. Then come the groups; then the other
   * entries, each without what is in one before.
   */
  joined([first, ...others]: readonly [string, ...string[]], together: Together): GetManualChunk {
    let groups: ReadonlyMap<string, string> | undefined
    return (id, { getModuleInfo }) => {
      const imports = (file: string): readonly string[] => getModuleInfo(file)?.importedIds ?? []
      const reached = (files: readonly string[], found = new Set<string>()): ReadonlySet<string> => {
        for (const file of files) {
          if (found.has(file) || !this.#files.includes(file)) continue
          found.add(file)
          reached(imports(file), found)
        }
        return found
      }
      const home = others.length > 0 ? 'base' : first
      groups ??= assigned(
        [home, reached(others.length > 0 ? imports(this.entry(first)) : [this.entry(first)])],
        together.map((family) =>
          Object.entries(family).map(([group, names]) => [
            group,
            reached(names.map((name) => this.#dynamic(name))),
          ]),
        ),
        others.map((entry) => [entry, reached(imports(this.entry(entry)))]),
      )
      return groups.get(id)
    }
  }
}

type Reached = readonly [group: string, files: ReadonlySet<string>]

function assigned(
  [home, needed]: Reached,
  families: readonly (readonly Reached[])[],
  entries: readonly Reached[],
): ReadonlyMap<string, string> {
  const groups = new Map<string, string>()
  for (const file of needed) groups.set(file, home)
  for (const family of families) {
    const before = new Set(groups.keys())
    for (const [group, files] of family)
      for (const file of files) {
        if (before.has(file)) groups.set(file, home)
        else if (!groups.has(file)) groups.set(file, group)
      }
  }
  for (const [entry, files] of entries)
    for (const file of files) if (!groups.has(file)) groups.set(file, entry)
  return groups
}

const commonjsWays: Plugin = {
  name: 'commonjs-ways',
  resolveImportMeta: (property) =>
    property === 'url' ? "require('node:url').pathToFileURL(__filename).href" : null,
  renderChunk: (code) => ({ code: lateBuiltins(code), map: null }),
}
