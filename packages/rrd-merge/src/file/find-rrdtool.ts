import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { RrdError } from '../format/index.ts'
import type { Warning } from '../report/warning.ts'
import type { FileOptions } from './options.ts'

/**
 * Looks for rrdtool where a run is to work with it, before any file is touched.
 *
 * @returns what to say where `verify` has to do without one that nobody named
 * @throws RrdError EUSAGE where it is needed, or named, and isn't there
 */
export function lookForRrdtool({ engine, verify, rrdtool }: FileOptions): Warning | undefined {
  const needed = engine === 'rrdtool'
  if (!needed && !verify) return undefined
  const program = rrdtool ?? 'rrdtool'
  if (isThere(program)) return undefined
  if (!needed && rrdtool === undefined) {
    return {
      code: 'rrdtool-missing',
      message: 'there is no rrdtool in PATH: results are read back, and verified by nobody else',
    }
  }
  throw new RrdError('EUSAGE', `there is no program ${JSON.stringify(program)}`, {
    remedy: `install rrdtool, name it with --rrdtool, or leave ${needed ? '--engine rrdtool' : '--rrdtool'} out`,
  })
}

/** Where the system would find it: a name with a slash as it is, any other one in PATH. */
function isThere(program: string): boolean {
  if (program.includes('/')) return isExecutable(program)
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
