import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { Scratch } from '../support/scratch.ts'
import type { Healthy } from './healthy.ts'

const FOLDER = 'QCOW2_HEALTHY_IMAGES'

/**
 * Global set-up of vitest: a folder in which the test files of one run share their healthy images. Whoever needs one
 * first makes it.
 */
export function setup(): () => void {
  const scratch = new Scratch('qcow2-shared')
  process.env[FOLDER] = scratch.path
  return () => scratch[Symbol.dispose]()
}

/** Outside of a test run every process makes its own. */
export async function shared(name: string, make: () => Promise<Healthy>): Promise<Healthy> {
  const folder = process.env[FOLDER]
  if (folder === undefined) return make()
  const path = join(folder, name)
  if (existsSync(path)) return deserialize(readFileSync(path)) as Healthy
  const healthy = await make()
  writeFileSync(`${path}.${process.pid}`, serialize(healthy))
  renameSync(`${path}.${process.pid}`, path)
  return healthy
}
