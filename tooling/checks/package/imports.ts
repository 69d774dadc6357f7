import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import ts from 'typescript'
import type { Finding } from '../finding.ts'
import { builtFiles, type PackedTool } from './packed.ts'

/**
 * What the built files import is in the tarball or in Node. A package that stayed outside the bundle, or a type of
 * the tooling in a declaration, names something nobody can install: neither publint nor attw notices the latter.
 */
export function checkImports(packed: PackedTool): Finding[] {
  return builtFiles(packed).flatMap(({ path, text }) => {
    const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(text, true, true)
    const names = new Set([...importedFiles, ...typeReferenceDirectives].map(({ fileName }) => fileName))
    const foreign = [...names].filter((name) => !resolves(name, path, packed.files))
    return foreign.map((name) => ({ where: path, what: `imports ${name}, which is not in the tarball` }))
  })
}

function resolves(name: string, from: string, files: readonly string[]): boolean {
  if (!name.startsWith('.')) return isBuiltin(name) || (name === 'node' && /\.d\.[cm]?ts$/.test(from))
  const target = posix.join(posix.dirname(from), name)
  // A declaration imports its neighbour by the name of the JavaScript file beside it.
  const declaration = target.replace(/\.([cm]?)js$/, '.d.$1ts')
  return files.includes(target) || (/\.d\.[cm]?ts$/.test(from) && files.includes(declaration))
}
