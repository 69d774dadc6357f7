import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { posixZone } from './posix-tz.ts'
import { fixedZone, type Zone } from './types.ts'
import { tzifZone } from './tzif.ts'

/** Zone files have some kilobytes; anything larger is none. */
const read = (path: string): Zone | undefined => {
  try {
    return tzifZone(readFileSync(path))
  } catch {
    return undefined
  }
}

/**
 * The time zone of this process, found as the C library finds it: TZ (a file or a POSIX string), else
 * /etc/localtime, else UTC. rrdtool's comments are in it.
 */
export const processZone = (env: NodeJS.ProcessEnv = process.env): Zone => {
  const setting = env.TZ
  if (setting === undefined) return read('/etc/localtime') ?? fixedZone(0, 'UTC')
  const name = setting.replace(/^:/, '')
  if (name === '') return fixedZone(0, 'UTC')
  const path = isAbsolute(name) ? name : join(env.TZDIR ?? '/usr/share/zoneinfo', name)
  const letters = /^[A-Za-z]{3,}/.exec(name)?.[0] ?? 'UTC'
  return read(path) ?? posixZone(name) ?? fixedZone(0, letters)
}
