import ts from 'typescript'
import type { Finding } from '../finding.ts'
import type { TextFile } from './tracked.ts'

/** Above this a file holds more than one concept. */
export const MAX_LINES = 250

const CODE = /^(packages\/[^/]+|tooling)\/(src|build|system|checks)\/.*\.ts$/

/** The house rules that can be read off a source file by itself. */
export function checkSourceFiles(files: readonly TextFile[]): Finding[] {
  return files.filter(({ path }) => CODE.test(path)).flatMap(checkSourceFile)
}

function checkSourceFile({ path, text }: TextFile): Finding[] {
  const findings: Finding[] = []
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  if (lines > MAX_LINES)
    findings.push({ where: path, what: `${lines} lines, at most ${MAX_LINES}: split it by concept` })
  if (/(^|\/)utils?\.ts$/.test(path))
    findings.push({ where: path, what: 'name the file after what it holds' })
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  if (statements.some(isDefaultExport))
    findings.push({ where: path, what: 'default export: export it by name' })
  const own = /(^|\/)index\.ts$/.test(path)
    ? statements.find((statement) => !isReExport(statement))
    : undefined
  if (own) findings.push({ where: path, what: `index.ts only re-exports, but has: ${firstLine(own)}` })
  return findings
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false
}

function isReExport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined
}

function firstLine(statement: ts.Statement): string {
  return statement.getText().split('\n', 1)[0] ?? ''
}
