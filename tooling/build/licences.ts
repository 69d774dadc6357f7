import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Metafile, Plugin } from 'esbuild'
import { UNSHIPPED_LICENCES } from './unshipped-licences.ts'

export const LICENCES_FILE = 'THIRD_PARTY_LICENSES'

/** Licences that let their code be part of an MIT tarball, given that the text comes along. */
const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
])
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\b|[-_.])/i

/**
 * Writes the licence texts of every package that ends up in the bundles of one tool. A legal comment in the source
 * would survive bundling, but hardly any package has one, so the texts are taken from the packages themselves.
 * One plugin serves all builds of a tool: each adds what it bundled and writes the file anew.
 */
export function licencePlugin(): Plugin {
  const folders = new Set<string>()
  return {
    name: 'third-party-licences',
    setup(build) {
      const top = build.initialOptions.absWorkingDir ?? process.cwd()
      build.onEnd(({ metafile, errors }) => {
        if (!metafile || errors.length > 0) return
        for (const folder of bundledPackages(metafile)) folders.add(resolve(top, folder))
        writeFileSync(join(top, LICENCES_FILE), licenceTexts([...folders]))
      })
    },
  }
}

/** Folders of the packages of which at least one byte is in an output, as esbuild names them. */
export function bundledPackages({ outputs }: Metafile): string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? path : [])),
  )
  const folders = files.flatMap((path) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  return [...new Set(folders)]
}

/** One text for all packages, sorted by name, so that it is the same wherever and in whatever order they were built. */
export function licenceTexts(folders: readonly string[]): string {
  const entries = folders.map(licenceEntry).sort()
  const intro =
    entries.length === 0
      ? 'The built files hold no code of others.\n'
      : 'The built files hold code of these packages, under the licences that follow each name.\n'
  return [intro, ...new Set(entries)].join(`\n${'-'.repeat(80)}\n\n`)
}

function licenceEntry(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (!ACCEPTED.has(license))
    throw new Error(`${name}@${version}: licence ${license} is not one of: ${[...ACCEPTED].join(', ')}`)
  const files = readdirSync(folder).filter(
    (file) => LICENCE_FILE.test(file) && existsSync(join(folder, file)),
  )
  const shipped = files
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim())
  const text = shipped.length > 0 ? shipped.join('\n\n') : UNSHIPPED_LICENCES[`${name}@${version}`]
  if (!text)
    throw new Error(
      `${name}@${version} ships no licence text: add what its authors publish to unshipped-licences.ts`,
    )
  return `${name} ${version} (${license})\n\n${text}\n`
}
