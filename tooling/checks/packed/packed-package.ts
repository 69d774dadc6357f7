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

const PNPM = fileURLToPath(new URL('../../../node_modules/.bin/pnpm', import.meta.url))

export interface PackedPackage {
  readonly setup: (project: TestProject) => void
  readonly teardown: () => void
}

/**
 * Once a test run: packs what is built of a tool and unpacks it elsewhere, so that the tests run the files that users get,
 * without the node_modules of this repository beside them.
 *
 * @param own folder of the tool; the environment variable names another one to pack
 */
export function packedPackage(tool: string, own: URL, variable: string): PackedPackage {
  let folder: string | undefined
  return {
    setup(project) {
      const source = process.env[variable] ?? fileURLToPath(own)
      if (!existsSync(join(source, 'dist/cli.cjs'))) {
        project.provide('packedPackage', undefined)
        return
      }
      folder = mkdtempSync(join(tmpdir(), `${tool}-packed-`))
      const args = ['pack', '--json', '--pack-destination', folder]
      const said = execFileSync(PNPM, args, { cwd: source, encoding: 'utf8' })
      const { filename } = JSON.parse(said) as { filename: string }
      execFileSync('tar', ['-xzf', filename, '-C', folder])
      // Some tests run it as another user.
      execFileSync('chmod', ['-R', 'a+rX', folder])
      project.provide('packedPackage', join(folder, 'package'))
    },
    teardown() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
