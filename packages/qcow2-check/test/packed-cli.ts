import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The unpacked tarball, as npm installs it; undefined where nothing is built. */
    packedPackage: string | undefined
  }
}

const OWN = fileURLToPath(new URL('..', import.meta.url))
const PNPM = join(OWN, '../../node_modules/.bin/pnpm')

let folder: string | undefined

/**
 * Once a test run: packs what is built and unpacks it elsewhere, so that the tests run the files that users get, without
 * the node_modules of this repository beside them. QCOW2_CHECK_PACKAGE names another folder to pack.
 */
export function setup(project: TestProject): void {
  const source = process.env.QCOW2_CHECK_PACKAGE ?? OWN
  if (!existsSync(join(source, 'dist/cli.cjs'))) {
    project.provide('packedPackage', undefined)
    return
  }
  folder = mkdtempSync(join(tmpdir(), 'qcow2-check-packed-'))
  const args = ['pack', '--json', '--pack-destination', folder]
  const said = execFileSync(PNPM, args, { cwd: source, encoding: 'utf8' })
  const { filename } = JSON.parse(said) as { filename: string }
  execFileSync('tar', ['-xzf', filename, '-C', folder])
  // Some tests run it as another user.
  execFileSync('chmod', ['-R', 'a+rX', folder])
  project.provide('packedPackage', join(folder, 'package'))
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}
