import { RrdcachedError } from './error.ts'

/** RRD_CMD_MAX of rrd_client.h: the daemon reads a command into 4096 bytes, and answers out of 4096 too. */
const LONGEST = 4096

/**
 * An answer repeats the file's path, put behind the base directory; one that does not fit comes without its end and
 * with whatever lay in the daemon's memory behind it (measured, 1.7.2), so there must be room for both.
 */
const LONGEST_ARGUMENT = 3500

const BLANK = 0x20
const BACKSLASH = 0x5c
const SLASH = 0x2f

/** A file's path: bytes where it is not UTF-8. */
export type DaemonPath = string | Uint8Array

/** The path without `prefix`, where it begins with it, and without the slashes that follow (get_path of rrd_client.c). */
export const strippedPath = (path: DaemonPath, prefix: string): DaemonPath => {
  const bytes = Buffer.from(path as string)
  const head = Buffer.from(prefix)
  if (head.length === 0 || !bytes.subarray(0, head.length).equals(head)) return path
  let start = head.length
  while (bytes[start] === SLASH) start += 1
  return bytes.subarray(start)
}

/** `\` before a blank and before itself: buffer_get_field of rrd_daemon.c takes the next byte as it is. */
const quoted = (argument: Uint8Array): number[] => {
  const bytes: number[] = []
  for (const byte of argument) {
    if (byte === BLANK || byte === BACKSLASH) bytes.push(BACKSLASH)
    bytes.push(byte)
  }
  return bytes
}

/**
 * One line for the daemon.
 * @throws RrdcachedError BAD_ARGUMENT for a newline (it would begin a second command), a NUL, an empty argument or
 * one that is too long
 */
export const commandLine = (command: string, args: readonly DaemonPath[]): Buffer => {
  const bytes = [...Buffer.from(command, 'latin1')]
  const refuse = (why: string): never => {
    throw new RrdcachedError('BAD_ARGUMENT', `rrdcached ${command}: ${why}`, { command })
  }
  for (const argument of args) {
    const raw = Buffer.from(argument as string)
    if (raw.length === 0) refuse('an empty argument')
    if (raw.some((byte) => byte === 0 || byte === 0x0a || byte === 0x0d))
      refuse('the path has a line break or a NUL in it, which its protocol cannot carry')
    const field = quoted(raw)
    if (field.length > LONGEST_ARGUMENT)
      refuse(`an argument of ${field.length} bytes; it takes ${LONGEST_ARGUMENT}`)
    bytes.push(BLANK, ...field)
  }
  if (bytes.length + 2 > LONGEST) refuse(`a command of ${bytes.length} bytes; it takes ${LONGEST - 2}`)
  return Buffer.from([...bytes, 0x0a])
}
