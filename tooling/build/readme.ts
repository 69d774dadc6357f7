import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { exitCodesMarkdown, optionsMarkdown, replaceBlock } from '../src/command-line/generate/index.ts'
import type { ToolDefinition } from '../src/command-line/index.ts'

/** Brings README.md of the tool in `folder` up to date; gives its path. */
export async function writeReadme(folder: string): Promise<string> {
  const file = join(folder, 'README.md')
  writeFileSync(file, await currentReadme(folder))
  return file
}

/**
 * README.md of the tool in `folder` as its generated blocks should read: `exit-codes` and `options` from the definition,
 * `figures` from what the tool's bench/figures.ts makes of its committed results, where it has one.
 */
export async function currentReadme(folder: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  // tsup compiles the version in; here the sources run as they are.
  Object.assign(globalThis, { __VERSION__: version })
  const { tool }: { tool: ToolDefinition } = await load(folder, 'src/cli.ts')
  let readme = readFileSync(join(folder, 'README.md'), 'utf8')
  readme = replaceBlock(readme, 'exit-codes', exitCodesMarkdown(tool.exitCodes))
  readme = replaceBlock(readme, 'options', optionsMarkdown(tool))
  if (!existsSync(join(folder, 'bench/figures.ts'))) return readme
  const { figuresMarkdown } = await load(folder, 'bench/figures.ts')
  return replaceBlock(readme, 'figures', figuresMarkdown())
}

function load(folder: string, path: string) {
  return import(pathToFileURL(join(folder, path)).href)
}
