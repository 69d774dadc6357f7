import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { isLiving, readProcStat } from '../../src/identity/index.ts'

/** What /proc tells of a process, by another's eyes. */
export interface Observed {
  /** Masks in hexadecimal: blocked, ignored, caught. */
  readonly signals: Readonly<Record<'SigBlk' | 'SigIgn' | 'SigCgt', string>>
  readonly umask: string
  readonly cwd: string
  /** `0 /dev/null`, sorted by number. */
  readonly descriptors: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

export async function observe(pid: number): Promise<Observed> {
  const folder = `/proc/${pid}`
  const status = await readFile(`${folder}/status`, 'latin1')
  const field = (name: string): string => new RegExp(`^${name}:\\s*(\\w+)$`, 'm').exec(status)?.[1] ?? ''
  const numbers = (await readdir(`${folder}/fd`)).map(Number).sort((a, b) => a - b)
  const variables = (await readFile(`${folder}/environ`, 'utf8')).split('\0').filter((text) => text !== '')
  return {
    signals: { SigBlk: field('SigBlk'), SigIgn: field('SigIgn'), SigCgt: field('SigCgt') },
    umask: field('Umask'),
    cwd: await readlink(`${folder}/cwd`),
    descriptors: await Promise.all(
      numbers.map(async (fd) => `${fd} ${await readlink(`${folder}/fd/${fd}`)}`),
    ),
    environment: Object.fromEntries(
      variables.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
    ),
  }
}

/** Waits until something is so; a test that waits for what never comes fails by what it then finds. */
export async function eventually(isSo: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end && !(await isSo()); ) await pause(10)
}

/** Whether it runs: where init reaps late, what ended is a zombie for a while. */
export function isThere(pid: number): boolean {
  const stat = readProcStat(pid)
  return stat !== undefined && isLiving(stat)
}
