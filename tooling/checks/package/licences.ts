import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LICENCES_FILE } from '../../build/licences.ts'
import type { Finding } from '../finding.ts'
import { builtFiles, type PackedTool } from './packed.ts'

/**
 * Reads off the built files which packages are in them: esbuild names the file above each module, with pnpm's
 * folder in it. Found by another way than the one that wrote the licences, so one that was left out shows.
 */
export function checkLicences(packed: PackedTool): Finding[] {
  const file = join(packed.folder, LICENCES_FILE)
  const texts = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const inside = new Set(builtFiles(packed).flatMap(({ text }) => bundledNames(text)))
  const missing = [...inside].filter((name) => !texts.includes(`\n${name} (`))
  return missing.map((name) => ({
    where: LICENCES_FILE,
    what: `has no licence of ${name}, which is in the built files`,
  }))
}

/** `name version` of each, from comments such as `// ../../node_modules/.pnpm/pino@10.4.0/node_modules/pino/pino.js`. */
function bundledNames(text: string): string[] {
  const comments = text.matchAll(
    /^\s*\/\/ \S*node_modules\/\.pnpm\/[^/]*?@(\d[^/_]*)[^/]*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm,
  )
  return [...comments].map(([, version, name]) => `${name} ${version}`)
}
