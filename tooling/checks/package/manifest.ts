import type { Finding } from '../finding.ts'
import type { PackedTool } from './packed.ts'

const FORBIDDEN = [
  'bundledDependencies',
  'bundleDependencies',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'scripts',
]
const REQUIRED = [
  'name',
  'version',
  'description',
  'license',
  'repository',
  'engines',
  'bin',
  'exports',
  'files',
]

/** A tool is one package: it names no other, and nothing in it runs when it is installed. */
export function checkManifest({ manifest }: PackedTool): Finding[] {
  const where = 'package.json'
  const forbidden = FORBIDDEN.filter((field) => manifest[field] !== undefined)
  const missing = REQUIRED.filter((field) => manifest[field] === undefined)
  const text = JSON.stringify(manifest)
  // npm 11 links the pages of a list only, and passes over a single name.
  const unlinked = manifest.man !== undefined && !Array.isArray(manifest.man)
  return [
    ...forbidden.map((field) => ({ where, what: `has ${field}, which a release must not carry` })),
    ...missing.map((field) => ({ where, what: `has no ${field}` })),
    ...(unlinked ? [{ where, what: 'has a man page that npm does not link: `man` must be a list' }] : []),
    ...(text.includes('workspace:')
      ? [{ where, what: 'names a version that only this workspace knows' }]
      : []),
  ]
}
