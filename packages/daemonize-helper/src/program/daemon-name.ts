import { basename } from 'node:path'

/** What may name a daemon: it becomes the name of files. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/

/** The name that a command has without --name: its base name; undefined where that names no file safely. */
export function nameOfCommand(command: string): string | undefined {
  const name = basename(command)
  return NAME_PATTERN.test(name) ? name : undefined
}
