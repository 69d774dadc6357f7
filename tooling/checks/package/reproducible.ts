import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { Finding } from '../finding.ts'
import { runOrThrow } from '../run.ts'
import { pack, unpack } from './packed.ts'

/** What the root holds that a build reads. */
const ROOT = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.cjs', 'LICENSE']
const PRODUCTS = new Set(['node_modules', 'dist', 'man', 'reports', '.turbo', 'THIRD_PARTY_LICENSES'])

/**
 * Builds and packs the tool once more, from a copy of its sources in another folder, and compares with `tarball`
 * byte for byte: times, owners, absolute paths and the order of files must leave no trace.
 */
export async function checkReproducible(
  tarball: string,
  { top, toolFolder }: { top: string; toolFolder: string },
  scratch: string,
): Promise<Finding[]> {
  // Deeper than the original, and with another name: relative paths out of it would differ too.
  const copy = join(scratch, 'another/place/workspace')
  const tool = join(copy, relative(top, toolFolder))
  mkdirSync(copy, { recursive: true })
  for (const name of ROOT) cpSync(join(top, name), join(copy, name))
  for (const folder of [join(top, 'tooling'), toolFolder]) {
    cpSync(folder, join(copy, relative(top, folder)), { recursive: true, filter: isSource })
  }
  await runOrThrow('pnpm', ['install', '--frozen-lockfile', '--offline'], { cwd: copy })
  await runOrThrow('pnpm', ['run', 'build'], { cwd: tool })
  const again = await pack(tool, join(scratch, 'packed'))
  if (sha256(tarball) === sha256(again)) return []
  const where = await differences(tarball, again, scratch)
  return [{ where: basename(tarball), what: `another folder gives another tarball: ${where}` }]
}

/** Which files differ, or are in one of the two only; where none does, it is the archive around them. */
async function differences(first: string, second: string, scratch: string): Promise<string> {
  const one = await unpack(first, join(scratch, 'first'))
  const other = await unpack(second, join(scratch, 'second'))
  const all = [...new Set([...one.files, ...other.files])].sort()
  const differ = all.filter((file) => {
    const inBoth = one.files.includes(file) && other.files.includes(file)
    return !inBoth || sha256(join(one.folder, file)) !== sha256(join(other.folder, file))
  })
  if (differ.length === 0) return 'order, times, modes or owners of its entries'
  const more = differ.length > 5 ? ` and ${differ.length - 5} more` : ''
  return `${differ.slice(0, 5).join(', ')}${more}`
}

function isSource(path: string): boolean {
  return !PRODUCTS.has(basename(path)) && !path.endsWith('.tgz')
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
