import { expect, test } from 'vitest'
import { checkContents } from '../../../checks/package/contents.ts'
import { checkImports } from '../../../checks/package/imports.ts'
import { checkLicences } from '../../../checks/package/licences.ts'
import { checkManifest } from '../../../checks/package/manifest.ts'
import type { PackedTool } from '../../../checks/package/packed.ts'
import { type Fault, withTool } from './scratch-tool.ts'

function check(fault: Fault): Promise<string[]> {
  const checks = [checkManifest, checkContents, checkImports, checkLicences]
  return withTool(fault, (tool: PackedTool) =>
    checks.flatMap((one) => one(tool)).map(({ where, what }) => `${where}: ${what}`),
  )
}

test('a tool with nothing wrong passes', async () => {
  expect(await check({})).toEqual([])
})

test.each<[string, Fault, string]>([
  ['a dependency', { manifest: { dependencies: { blade: '1' } } }, 'package.json: has dependencies'],
  ['a devDependency', { manifest: { devDependencies: { a: '1' } } }, 'package.json: has devDependencies'],
  ['an install script', { manifest: { scripts: { postinstall: 'true' } } }, 'package.json: has scripts'],
  ['a workspace version', { manifest: { overrides: { a: 'workspace:*' } } }, 'package.json: names a version'],
  ['no engines', { manifest: { engines: undefined } }, 'package.json: has no engines'],
  ['no README', { files: { 'README.md': undefined } }, 'README.md: is missing'],
  ['no man page', { files: { 'man/sharp.1': undefined } }, 'man/sharp.1: is missing'],
  ['no schema', { files: { 'schema/cut@1.json': undefined } }, 'schema/*.json: is missing'],
  ['no declarations', { files: { 'dist/index.d.cts': undefined } }, 'dist/index.d.cts: is missing'],
  ['a source map', { files: { 'dist/index.js.map': '{}' } }, 'dist/index.js.map: has no place in a release'],
  ['a test', { files: { 'test/a.test.ts': '1' } }, 'test/a.test.ts: has no place in a release'],
  ['an empty file', { files: { 'dist/chunk.js': '' } }, 'dist/chunk.js: is empty'],
  ['a bin without shebang', { files: { 'dist/cli.cjs': '1\n' } }, 'dist/cli.cjs: does not start with #!'],
  ['a bin that is not executable', { modes: { 'dist/cli.cjs': 0o644 } }, 'dist/cli.cjs: is not executable'],
  ['an import of a package', { files: { 'dist/a.js': "import 'blade'" } }, 'dist/a.js: imports blade'],
  ['a require of a package', { files: { 'dist/a.cjs': "require('blade')" } }, 'dist/a.cjs: imports blade'],
  ['a dynamic import', { files: { 'dist/a.js': "await import('blade')" } }, 'dist/a.js: imports blade'],
  [
    'an import of a type',
    { files: { 'dist/a.d.ts': "export type A = import('blade').B" } },
    'dist/a.d.ts: imports blade',
  ],
  ['a chunk that is not there', { files: { 'dist/a.js': "import './b.js'" } }, 'dist/a.js: imports ./b.js'],
  [
    'a tooling type in a declaration',
    { files: { 'dist/index.d.ts': "export type { Table } from '@nightshift/tooling/terminal'" } },
    'dist/index.d.ts: imports @nightshift/tooling/terminal',
  ],
  [
    'a bundled package without its licence',
    { files: { 'dist/a.js': '// ../../node_modules/.pnpm/@x+y@2.0.1_z@1.0.0/node_modules/@x/y/a.js\n' } },
    'THIRD_PARTY_LICENSES: has no licence of @x/y 2.0.1',
  ],
])('%s is found', async (_, fault, finding) => {
  const findings = await check(fault)
  expect(findings).toHaveLength(1)
  expect(findings[0]).toContain(finding)
})
