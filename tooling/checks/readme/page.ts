import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install } from '../packed/install.ts'
import { type CodeBlock, codeBlocks } from './blocks.ts'
import { executeBlock, transcript } from './execute.ts'

/** A page as it would read today, and what went wrong while its programs ran. */
export interface PageToday {
  readonly markdown: string
  readonly failures: readonly string[]
}

/** Makes the files that a page is about, in its folder. */
export type MakeScene = (folder: string) => void | Promise<void>

/**
 * Runs every block of a page, from top to bottom, in a folder with the scene and the package installed. `console` blocks
 * are given with what they print now; a `text` block right after a program is its output.
 *
 * @param packageFolder the package as npm installs it
 */
export async function pageToday(
  markdown: string,
  folder: string,
  packageFolder: string,
  makeScene: MakeScene,
): Promise<PageToday> {
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

/** Brings the outputs that a tool's README.md shows up to date with the package as it is built. Failures end it with 1. */
export async function refreshPage(packageFolder: string, makeScene: MakeScene): Promise<void> {
  const page = join(packageFolder, 'README.md')
  const folder = mkdtempSync(join(tmpdir(), 'readme-'))
  try {
    const today = await pageToday(readFileSync(page, 'utf8'), folder, packageFolder, makeScene)
    writeFileSync(page, today.markdown)
    for (const failure of today.failures) console.error(failure)
    if (today.failures.length > 0) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
