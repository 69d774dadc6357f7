import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { licencePlugin } from '../../build/licences.ts'
import { withScratch } from '../../checks/scratch.ts'

type Packages = Readonly<Record<string, Readonly<Record<string, string>>>>

const BLADE = {
  'package.json': '{ "name": "blade", "version": "1.0.0", "license": "MIT" }',
  LICENSE: 'MIT of blade\r\n',
}
const HANDLE = {
  'package.json': '{ "name": "@x/handle", "version": "2.0.0", "license": "ISC" }',
  'license.md': 'ISC of handle',
  NOTICE: 'seen by a lawyer',
  'index.js': 'export const handle = 1',
}

/** Bundles each of `entries` on its own, as tsup does its formats, and gives the licences written beside them. */
async function licences(packages: Packages, entries: readonly string[]): Promise<string> {
  return withScratch('licences', async (top) => {
    for (const [name, files] of Object.entries(packages)) {
      for (const [file, text] of Object.entries({ 'index.js': 'export const edge = 1', ...files })) {
        const path = join(top, 'node_modules', name, file)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      }
    }
    const plugin = licencePlugin()
    for (const [index, contents] of entries.entries()) {
      const entry = join(top, `entry${index}.js`)
      writeFileSync(entry, contents)
      const outdir = join(top, `dist${index}`)
      await build({
        absWorkingDir: top,
        entryPoints: [entry],
        outdir,
        bundle: true,
        metafile: true,
        logLevel: 'silent',
        plugins: [plugin],
      })
    }
    return readFileSync(join(top, 'THIRD_PARTY_LICENSES'), 'utf8')
  })
}

test('holds the texts of all that was bundled, in any of the builds, whatever their order', async () => {
  const packages = { blade: BLADE, '@x/handle': HANDLE }
  const entries = ["import { edge } from 'blade'; console.log(edge)", "export { handle } from '@x/handle'"]
  const text = await licences(packages, entries)
  const rule = '-'.repeat(80)
  expect(text).toBe(
    [
      'The built files hold code of these packages, under the licences that follow each name.\n',
      '\n@x/handle 2.0.0 (ISC)\n\nseen by a lawyer\n\nISC of handle\n',
      '\nblade 1.0.0 (MIT)\n\nMIT of blade\n',
    ].join(`\n${rule}\n`),
  )
  expect(await licences(packages, entries.toReversed())).toBe(text)
})

test('a package of which no byte was taken needs no mention', async () => {
  const text = await licences({ blade: { ...BLADE, 'index.js': '' } }, ["import 'blade'; console.log(1)"])
  expect(text).toBe('The built files hold no code of others.\n')
})

test.each([
  ['without a licence text', { ...BLADE, LICENSE: undefined }, 'blade@1.0.0 ships no licence text'],
  [
    'under another licence',
    { ...BLADE, 'package.json': BLADE['package.json'].replace('MIT', 'GPL-3.0') },
    'licence GPL-3.0',
  ],
])('a package %s fails the build', async (_, { LICENSE, ...files }, message) => {
  const blade = LICENSE === undefined ? files : { ...files, LICENSE }
  await expect(licences({ blade }, ["export { edge } from 'blade'"])).rejects.toThrow(message)
})
