import ts from 'typescript'
import { expect } from 'vitest'

/** Public names of a library's entry without a word on what they are. */
export function undocumentedNames(file: string): string[] {
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
