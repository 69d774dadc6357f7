import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runOrThrow } from '../run.ts'
import type { Manifest } from '../workspace.ts'

/** A tarball as npm would install it. */
export interface PackedTool {
  readonly tarball: string
  /** Where it is unpacked. */
  readonly folder: string
  readonly manifest: Manifest
  /** Every file, relative to the package's folder, sorted. */
  readonly files: readonly string[]
}

/** Packs the built tool in `toolFolder` as a release does; gives the tarball's path under `destination`. */
export async function pack(toolFolder: string, destination: string): Promise<string> {
  const args = ['pack', '--json', '--pack-destination', destination]
  const { filename } = JSON.parse(await runOrThrow('pnpm', args, { cwd: toolFolder })) as { filename: string }
  return filename
}

/** Unpacks a tarball into `destination`, which is made. */
export async function unpack(tarball: string, destination: string): Promise<PackedTool> {
  mkdirSync(destination, { recursive: true })
  await runOrThrow('tar', ['-xzf', tarball, '-C', destination], { cwd: destination })
  return readPacked(tarball, join(destination, 'package'))
}

export function readPacked(tarball: string, folder: string): PackedTool {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort()
  return { tarball, folder, manifest, files }
}

/** Built JavaScript and declarations, by path. */
export function builtFiles({ folder, files }: PackedTool): { path: string; text: string }[] {
  const built = files.filter((path) => /\.[cm]?[jt]s$/.test(path))
  return built.map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
}
