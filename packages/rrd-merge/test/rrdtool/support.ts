import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Rrdtool, type RrdtoolError, type RrdtoolOptions } from '../../src/rrdtool/index.ts'

/** Both forms, for tests that must hold in either. */
export const FORMS = [
  { form: 'one-shot', persistent: false },
  { form: 'persistent', persistent: true },
] as const

export const START = 1_700_000_040
export const SMALL = {
  step: 60,
  start: START,
  ds: ['DS:a:GAUGE:120:U:U'],
  rra: ['RRA:AVERAGE:0.5:1:10'],
} as const

/** A folder that is gone after the test. */
export function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'rrdtool-client-')))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A client that is closed after the test. */
export function client(options: RrdtoolOptions = {}): Rrdtool {
  const rrd = new Rrdtool({ timeout: 20_000, ...options })
  onTestFinished(() => rrd.close())
  return rrd
}

/** A program of our own in place of rrdtool. */
export function script(text: string, name = 'program'): string {
  const path = join(folder(), name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

/** The error of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<RrdtoolError> {
  try {
    await call
  } catch (error) {
    return error as RrdtoolError
  }
  throw new Error('the call succeeded')
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until something holds; the test's own time limit ends it otherwise. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
