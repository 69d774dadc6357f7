import { join } from 'node:path'
import type { Finding } from '../finding.ts'
import { run } from '../run.ts'
import type { PackedTool } from './packed.ts'

const BIN = join(import.meta.dirname, '../../node_modules/.bin')

/** The linters the world uses on a tarball, each with its strictest setting that Node >= 20 can meet. */
export async function checkLinters({ tarball, folder, files }: PackedTool): Promise<Finding[]> {
  const found = await Promise.all([
    lint('publint', ['run', tarball, '--strict'], folder),
    // node10 reads no `exports`; nobody whom this supports has it.
    lint('attw', [tarball, '--profile', 'node16'], folder),
    ...files.filter((path) => path.startsWith('man/')).map((path) => lintManPage(path, folder)),
  ])
  return found.flat()
}

async function lint(where: string, args: readonly string[], cwd: string): Promise<Finding[]> {
  const { status, stdout, stderr } = await run(join(BIN, where), args, { cwd })
  return status === 0 ? [] : [{ where, what: `ended with ${status}:\n${stdout}${stderr}`.trim() }]
}

/** man reads the page without a warning, at the width that a terminal has at least. */
async function lintManPage(where: string, folder: string): Promise<Finding[]> {
  const env = { ...process.env, MANWIDTH: '80', LC_ALL: 'C.UTF-8' }
  const { status, stderr } = await run('man', ['--warnings', '-l', where], { cwd: folder, env })
  return status === 0 && stderr === '' ? [] : [{ where, what: `man ended with ${status}: ${stderr.trim()}` }]
}
