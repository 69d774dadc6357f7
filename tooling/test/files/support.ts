import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, afterEach } from 'vitest'
import { type Folder, resolveFolder } from '../../src/files/index.ts'

/** A uid that owns nothing: Debian's `nobody`. */
export const STRANGER = 65534

const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true })
})

/** A fresh folder that everybody may enter, removed after the test. */
export function scratch(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'files-test-'))
  fs.chmodSync(folder, 0o755)
  made.push(folder)
  return folder
}

export function open(folder: string): Folder {
  return resolveFolder(folder)
}

export function names(folder: string): string[] {
  return fs.readdirSync(folder).sort()
}

let bundle: string | undefined

afterAll(() => {
  if (bundle) fs.rmSync(path.dirname(bundle), { recursive: true })
})

/** The library as one CommonJS file, so that a child process starts in the time of a bare `node`. */
export function bundled(): string {
  if (bundle) return bundle
  const outfile = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'files-bundle-')), 'files.cjs')
  fs.chmodSync(path.dirname(outfile), 0o755)
  buildSync({
    entryPoints: [fileURLToPath(new URL('../../src/files/index.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  })
  bundle = outfile
  return outfile
}

/** A script for `node -e` that has the library as `files`, `fs`, and its arguments from `argv[0]` on. */
export function script(code: string): string {
  const lines = [
    `const files = require(${JSON.stringify(bundled())})`,
    "const fs = require('node:fs')",
    'const argv = process.argv.slice(1)',
    code,
  ]
  return lines.join('\n')
}

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[]): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (error) throw error
  return { status, stdout, stderr }
}

/** Runs a script as another user without any privileges. */
export function runAs(uid: number, code: string, args: readonly string[]): Ran {
  const who = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs']
  return run('setpriv', [...who, process.execPath, '-e', script(code), ...args])
}

/** Runs a script with a small tmpfs of its own at `mountPoint`. */
export function runOnSmallDisk(mountPoint: string, size: string, code: string, args: readonly string[]): Ran {
  const mount = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'
  const node = [process.execPath, '-e', script(code), ...args]
  return run('unshare', ['-rm', 'sh', '-c', mount, 'sh', size, mountPoint, ...node])
}

/** What was thrown, or a failure if nothing was. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
