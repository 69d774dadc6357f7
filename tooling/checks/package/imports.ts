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
    const foreign = importedNames(path, text).filter((name) => !resolves(name, path, packed.files))
    return foreign.map((name) => ({ where: path, what: `imports ${name}, which is not in the tarball` }))
  })
}

/** Every module that a file names in a declaration, a type, a dynamic import or a `require` of a plain string. */
function importedNames(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const names = new Set(source.typeReferenceDirectives.map(({ fileName }) => fileName))
  const visit = (node: ts.Node): void => {
    const named = moduleOf(node)
    if (named && ts.isStringLiteralLike(named)) names.add(named.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return [...names]
}

function moduleOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  if (ts.isExternalModuleReference(node)) return node.expression
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return undefined
  const { expression } = node
  const imports = expression.kind === ts.SyntaxKind.ImportKeyword
  return imports || (ts.isIdentifier(expression) && /^(__)?require$/.test(expression.text))
    ? node.arguments[0]
    : undefined
}

function resolves(name: string, from: string, files: readonly string[]): boolean {
  if (!name.startsWith('.')) return isBuiltin(name) || (name === 'node' && /\.d\.[cm]?ts$/.test(from))
  const target = posix.join(posix.dirname(from), name)
  // A declaration imports its neighbour by the name of the JavaScript file beside it.
  const declaration = target.replace(/\.([cm]?)js$/, '.d.$1ts')
  return files.includes(target) || (/\.d\.[cm]?ts$/.test(from) && files.includes(declaration))
}
