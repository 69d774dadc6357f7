import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const SOURCES = join(import.meta.dirname, '../../src')

/** Public names without a word on what they are. */
function undocumented(entry: string): string[] {
  const file = join(SOURCES, entry)
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    allowImportingTsExtensions: true,
    noEmit: true,
    noLib: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol
  const names = checker.getExportsOfModule(module)
  expect(names.length).toBeGreaterThan(10)
  return names
    .map(
      (name) =>
        [name.name, name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name] as const,
    )
    .filter(([, symbol]) => symbol.getDocumentationComment(checker).length === 0)
    .map(([name]) => name)
}

test.each(['index.ts'])('every public name of %s is documented', (entry) => {
  expect(undocumented(entry)).toEqual([])
})
