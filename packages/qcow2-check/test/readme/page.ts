import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type CodeBlock, codeBlocks } from '../../../../tooling/checks/readme/blocks.ts'
import { executeBlock, transcript } from '../../../../tooling/checks/readme/execute.ts'
import { makeScene } from './scene.ts'

/** A page as it would read today, and what went wrong while its programs ran. */
export interface PageToday {
  readonly markdown: string
  readonly failures: readonly string[]
}

/**
 * Runs every block of a page, from top to bottom, in a folder with the scene and the package installed. `console` blocks
 * are given with what they print now; a `text` block right after a program is its output.
 *
 * @param packageFolder the package as npm installs it
 */
export async function pageToday(markdown: string, folder: string, packageFolder: string): Promise<PageToday> {
  const env = install(folder, packageFolder)
  await makeScene(folder)
  const lines = markdown.split('\n')
  const failures: string[] = []
  let printed: string | undefined
  // Replaced from the end, so that the lines of earlier blocks stay where they are.
  const replaced: { readonly block: CodeBlock; readonly code: string }[] = []
  for (const block of codeBlocks(markdown)) {
    if (block.language === 'console') replaced.push({ block, code: await transcript(block, folder, env) })
    if (block.language === 'text' && printed !== undefined) replaced.push({ block, code: printed })
    const ran = await executeBlock(block, folder, env)
    printed = block.language === 'js' ? ran?.stdout : undefined
    if (ran && (ran.status !== 0 || (block.language === 'js' && ran.stderr !== '')))
      failures.push(`line ${block.line} ended with ${ran.status}: ${ran.stdout}${ran.stderr}`)
  }
  for (const { block, code } of replaced.reverse())
    lines.splice(block.line, block.code.split('\n').length - 1, ...code.split('\n').slice(0, -1))
  return { markdown: lines.join('\n'), failures }
}

/** As npm does it; gives the environment in which the tool is found by its name. */
export function install(folder: string, packageFolder: string): NodeJS.ProcessEnv {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  symlinkSync(packageFolder, join(modules, 'qcow2-check'))
  symlinkSync('../qcow2-check/dist/cli.cjs', join(modules, '.bin/qcow2-check'))
  const { FORCE_COLOR: _, COLUMNS: __, NODE_EXTRA_CA_CERTS: ___, ...inherited } = process.env
  return {
    ...inherited,
    PATH: `${join(modules, '.bin')}:${inherited.PATH}`,
    NO_COLOR: '1',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_loglevel: 'error',
  }
}
