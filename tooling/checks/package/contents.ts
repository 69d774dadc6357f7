import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../finding.ts'
import type { PackedTool } from './packed.ts'

/** What every tool ships, whatever it does. `man` and `schema` follow from its manifest's name. */
function required(tool: string): readonly string[] {
  return ['LICENSE', 'README.md', 'THIRD_PARTY_LICENSES', 'package.json', `man/${tool}.1`]
}

const ALLOWED = [
  /^(LICENSE|README\.md|CHANGELOG\.md|THIRD_PARTY_LICENSES|package\.json)$/,
  /^dist\/[\w.-]+\.(js|cjs|mjs|d\.ts|d\.cts|d\.mts|wasm)$/,
  /^man\/[\w-]+\.1$/,
  /^schema\/[\w@.-]+\.json$/,
]

/** Exactly the files that users need: everything promised is there, and nothing that was merely lying about. */
export function checkContents(packed: PackedTool): Finding[] {
  const { folder, manifest, files } = packed
  const wanted = [...required(manifest.name), ...promised(manifest)]
  const missing = wanted.filter((path) => !files.includes(path))
  const extra = files.filter((path) => !ALLOWED.some((pattern) => pattern.test(path)))
  const empty = files.filter((path) => statSync(join(folder, path)).size === 0)
  const noSchema = files.some((path) => path.startsWith('schema/')) ? [] : ['schema/*.json']
  return [
    ...[...new Set([...missing, ...noSchema])].map((where) => ({ where, what: 'is missing' })),
    ...extra.map((where) => ({ where, what: 'has no place in a release' })),
    ...empty.map((where) => ({ where, what: 'is empty' })),
    ...checkBin(packed),
  ]
}

/** Every path that the manifest names. */
function promised({ bin = {}, exports = {}, man = [], main, types }: PackedTool['manifest']): string[] {
  const paths = [...Object.values(bin), ...leaves(exports), ...leaves(man), ...leaves([main, types])]
  return paths.map((path) => path.replace(/^\.\//, ''))
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}

/** npm makes a bin executable on install; a package manager that links it as it is needs both of these. */
function checkBin({ folder, manifest, files }: PackedTool): Finding[] {
  return Object.values(manifest.bin ?? {}).flatMap((bin) => {
    const where = bin.replace(/^\.\//, '')
    if (!files.includes(where)) return []
    const findings: Finding[] = []
    const file = join(folder, where)
    if ((statSync(file).mode & 0o111) === 0) findings.push({ where, what: 'is not executable' })
    if (!readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')) {
      findings.push({ where, what: 'does not start with #!/usr/bin/env node' })
    }
    return findings
  })
}
