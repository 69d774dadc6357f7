import { expect, test } from 'vitest'
import { checkConsumer, install } from '../../../checks/package/consumer.ts'
import { checkDeclarations } from '../../../checks/package/declarations.ts'
import { checkLinters } from '../../../checks/package/linters.ts'
import { type Fault, withTool } from './scratch-tool.ts'

function consume(fault: Fault): Promise<string[]> {
  return withTool(fault, async (tool, empty) => {
    const findings = await checkConsumer(tool, empty)
    return findings.map(({ where, what }) => `${where}: ${what}`)
  })
}

test('a tool with nothing wrong is installed, run, imported and required', async () => {
  expect(await consume({})).toEqual([])
})

test.each<[string, Fault, string]>([
  [
    'a command line that fails',
    { files: { 'dist/cli.cjs': "#!/usr/bin/env node\nthrow new Error('no such chunk')\n" } },
    'npx sharp --help: ended with 1',
  ],
  ['a module that fails', { files: { 'dist/index.js': "throw new Error('no')\n" } }, "import 'sharp': "],
  [
    'CommonJS that lacks a name',
    { files: { 'dist/index.cjs': 'exports.point = 1\n' } },
    'sharp: import gives edge',
  ],
  ['an install script', { manifest: { scripts: { install: 'true' } } }, 'has an install script'],
])('%s is found', async (_, fault, finding) => {
  expect((await consume(fault)).join('\n')).toContain(finding)
})

test('a package that would have to be fetched is not', async () => {
  await expect(consume({ manifest: { dependencies: { commander: '14.0.3' } } })).rejects.toThrow(
    /npm install/,
  )
})

test.each<[string, string, string[]]>([
  ['sound declarations', 'export declare const edge: Buffer\n', []],
  [
    'a type of the tooling',
    "export type { Table } from '@nightshift/tooling/terminal'\n",
    ['tsc node16', 'tsc nodenext'],
  ],
])('%s are compiled by a consumer', async (_, declaration, where) => {
  const files = { 'dist/index.d.ts': declaration, 'dist/index.d.cts': declaration }
  const findings = await withTool({ files }, async (tool, empty) => {
    await install(tool.tarball, empty)
    return checkDeclarations(tool, empty)
  })
  expect(findings.map((finding) => finding.where)).toEqual(where)
  for (const { what } of findings) expect(what).toContain('TS2307')
})

test('the linters are content with a sound tarball', async () => {
  expect(await withTool({}, checkLinters)).toEqual([])
})

test('publint and attw each find what is theirs', async () => {
  const twice = {
    '.': { types: './dist/index.d.ts', import: './dist/index.js', require: './dist/index.cjs' },
  }
  const findings = await withTool({ manifest: { exports: twice, bin: './dist/none.cjs' } }, checkLinters)
  expect(findings.map(({ where }) => where)).toEqual(['publint', 'attw'])
})

test('a man page that man objects to is found', async () => {
  const findings = await withTool({ files: { 'man/sharp.1': '.TH SHARP 1\n.NOSUCH macro\n' } }, checkLinters)
  expect(findings).toMatchObject([{ where: 'man/sharp.1', what: expect.stringContaining('NOSUCH') }])
})
