import { createHash } from 'node:crypto'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A fresh folder that everybody may enter, gone after the test. */
export function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rrd-merge-test-')))
  chmodSync(folder, 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes a file, and the folders above it. */
export function put(path: string | Buffer, bytes: string | Uint8Array): void {
  if (typeof path === 'string') mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

/** Writes files below a folder, by relative path. */
export function putTree(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(folder, { recursive: true })
  for (const [path, bytes] of Object.entries(files)) put(join(folder, path), bytes)
  return folder
}

/** Every entry below a folder, with all that a run that writes nothing must not change. */
export function listing(folder: string): string[] {
  const lines: string[] = []
  const visit = (path: Buffer): void => {
    const { mode, uid, gid, ino, nlink, size, mtimeNs } = lstatSync(path, { bigint: true })
    const content = contentOf(path)
    lines.push(
      [path.toString('latin1'), mode.toString(8), uid, gid, ino, nlink, size, mtimeNs, content].join(' '),
    )
    if (!lstatSync(path).isDirectory()) return
    const names = readdirSync(path, { encoding: 'buffer' }).sort(Buffer.compare)
    for (const name of names) visit(Buffer.concat([path, Buffer.from('/'), name]))
  }
  visit(Buffer.from(folder))
  return lines
}

function contentOf(path: Buffer): string {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) return readlinkSync(path)
  return stats.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
}

/** Relative paths of all files and links below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !lstatSync(join(folder, path)).isDirectory())
    .sort()
}
