import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Plugin } from 'esbuild'

/**
 * Imports what an `index.ts` stands for instead of the `index.ts` itself. esbuild splits by file: whatever reaches an
 * index reaches all that anybody imports through it, and the chunk that a command needs for one function would hold a
 * whole folder's (measured: 127 KB read at a start that uses 40).
 *
 * @param packages folders of workspace packages by name, whose `exports` name their indexes
 */
export function directImports(packages: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'direct-imports',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
        contents: redirect(await readFile(path, 'utf8'), dirname(path), packages),
        loader: 'ts',
      }))
    },
  }
}

/** `import { a, type B } from '...'`, over several lines too; the code style has no other form of a named import. */
const NAMED_IMPORT = /^import \{([^}]*)\} from '([^']+)'$/gm

/** Replaces imports from an index by imports from where the names are defined. */
export function redirect(source: string, folder: string, packages: Readonly<Record<string, string>>): string {
  return source.replace(NAMED_IMPORT, (whole, names: string, from: string) => {
    const index = indexFile(from, folder, packages)
    if (index === undefined) return whole
    const imports = itemsOf(names).map(({ name, alias }) => {
      const origin = originOf(name, index)
      if (!origin) throw new Error(`${index} does not export ${name}`)
      // What an index has from a package is found from where the index is, not from here.
      const [as, file] = isAbsolute(origin.file) ? [origin.name, origin.file] : [name, index]
      return `import { ${as === alias ? alias : `${as} as ${alias}`} } from ${JSON.stringify(file)}`
    })
    return imports.join(';')
  })
}

/** The index.ts that an import means; undefined for any other file or package. */
function indexFile(
  from: string,
  folder: string,
  packages: Readonly<Record<string, string>>,
): string | undefined {
  if (from.startsWith('.')) return from.endsWith('/index.ts') ? resolve(folder, from) : undefined
  const [name, home] = Object.entries(packages).find(([known]) => from.startsWith(`${known}/`)) ?? []
  if (name === undefined || home === undefined) return undefined
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    exports: Record<string, string>
  }
  const file = exports[`.${from.slice(name.length)}`]
  return file?.endsWith('/index.ts') ? join(home, file) : undefined
}

interface Item {
  readonly name: string
  readonly alias: string
}

/** The values of `a, type B, c as d`; types are gone in what is built. */
function itemsOf(list: string): Item[] {
  return list
    .split(',')
    .map((item) => item.replace(/\/\/.*$/gm, '').trim())
    .filter((item) => item !== '' && !item.startsWith('type '))
    .map((item) => {
      const [name = '', alias = name] = item.split(/ as /)
      return { name, alias }
    })
}

interface Origin {
  readonly name: string
  readonly file: string
}

const REEXPORT = /^export (?:\{([^}]*)\}|\*) from '([^']+)'$/gm
const exportsOf = new Map<string, ReadonlyMap<string, Origin>>()

/** Where an index has a name from, through further indexes. */
function originOf(name: string, index: string): Origin | undefined {
  const known = exportsOf.get(index) ?? readIndex(index)
  exportsOf.set(index, known)
  return known.get(name)
}

function readIndex(index: string): ReadonlyMap<string, Origin> {
  const found = new Map<string, Origin>()
  for (const [, list, from = ''] of readFileSync(index, 'utf8').matchAll(REEXPORT)) {
    const file = from.startsWith('.') ? resolve(dirname(index), from) : from
    const nested = file.endsWith('/index.ts') && existsSync(file) ? readIndex(file) : undefined
    if (list === undefined) for (const [name, origin] of nested ?? definedIn(file)) found.set(name, origin)
    else {
      for (const { name, alias } of itemsOf(list)) found.set(alias, nested?.get(name) ?? { name, file })
    }
  }
  return found
}

const DEFINITION = /^export (?:async )?(?:const|function\*?|class) (\w+)/gm

/** The values that a file itself defines. */
function definedIn(file: string): [string, Origin][] {
  if (!existsSync(file)) return []
  return [...readFileSync(file, 'utf8').matchAll(DEFINITION)].map(([, name = '']) => [name, { name, file }])
}
