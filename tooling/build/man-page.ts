import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { manPage } from '../src/command-line/generate/index.ts'

/** Generates the man page of the tool in `folder`; gives the path of what it wrote. */
export async function writeManPage(folder: string): Promise<string> {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  // tsup compiles the version in; here the sources run as they are.
  Object.assign(globalThis, { __VERSION__: version })
  const { tool } = await import(pathToFileURL(join(folder, 'src/cli.ts')).href)
  const file = join(folder, 'man', `${name}.1`)
  mkdirSync(join(folder, 'man'), { recursive: true })
  writeFileSync(file, manPage(tool))
  return file
}
