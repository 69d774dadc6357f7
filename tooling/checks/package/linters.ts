import { join } from 'node:path'
import type { Finding } from '../finding.ts'
import { run } from '../run.ts'
import type { PackedTool } from './packed.ts'

const BIN = join(import.meta.dirname, '../../node_modules/.bin')

/** The linters the world uses on a tarball, each with its strictest setting that Node >= 20 can meet. */
export async function checkLinters({ tarball, folder }: PackedTool): Promise<Finding[]> {
  const found = await Promise.all([
    lint('publint', ['run', tarball, '--strict'], folder),
    // node10 reads no `exports`; nobody whom this supports has it.
    lint('attw', [tarball, '--profile', 'node16'], folder),
  ])
  return found.flat()
}

async function lint(where: string, args: readonly string[], cwd: string): Promise<Finding[]> {
  const { status, stdout, stderr } = await run(join(BIN, where), args, { cwd })
  return status === 0 ? [] : [{ where, what: `ended with ${status}:\n${stdout}${stderr}`.trim() }]
}
