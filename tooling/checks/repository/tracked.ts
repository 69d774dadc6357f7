import { spawnSync } from 'node:child_process'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TextFile {
  /** Relative to the top of the repository, with `/`. */
  readonly path: string
  readonly text: string
}

/** Every text file that git tracks or would add: what a commit of everything would hold. */
export function trackedFiles(top: string): TextFile[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: top,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`git ls-files failed in ${top}: ${stderr}`)
  return stdout.split('\0').flatMap((path) => readText(top, path) ?? [])
}

/** Undefined for what is no regular file (a deleted one too) and for binary content, which holds a NUL. */
function readText(top: string, path: string): TextFile | undefined {
  if (path === '') return undefined
  const file = join(top, path)
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return undefined
  const bytes = readFileSync(file)
  return bytes.includes(0) ? undefined : { path, text: bytes.toString('utf8') }
}
