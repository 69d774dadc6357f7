import { randomFillSync } from 'node:crypto'
import fs from 'node:fs'
import { decodeFileName, type FileName, fileNameBytes } from './file-name.ts'
import { ownIdentity, type ProcessIdentity } from './process-identity.ts'

/** NAME_MAX of Linux' file systems, bytes. */
const LONGEST_NAME = 255

/** `-<pid>-<start>-<place>-<random>.tmp`, after `.NAME.<tool>`. */
const tail = /-([1-9][0-9]{0,9})-([0-9a-z]{1,13})-([0-9a-z]{6})-([0-9a-f]{16})\.tmp$/

/** What the name of a temporary file says. */
export interface TemporaryName {
  /** Bytes of the target's name, or of its beginning if `cut`. */
  readonly target: Buffer
  /** True if the target's name was too long to stand in full. */
  readonly cut: boolean
  readonly maker: ProcessIdentity
}

/**
 * `.NAME.<tool>-<pid>-<start>-<place>-<random>.tmp`: hidden, matched by no `*.rrd`, recognised by `parseTemporaryName`,
 * and with 64 random bits, so that nobody can plant something there beforehand. A long NAME is cut to fit 255 bytes.
 *
 * @param tool lower-case letters, digits and dashes
 */
export function temporaryName(target: FileName, tool: string): FileName {
  const { pid, start, place } = ownIdentity()
  const end = `.${tool}-${pid}-${start}-${place}-${randomHex()}.tmp`
  if (typeof target === 'string' && target.length * 3 + end.length < LONGEST_NAME) return `.${target}${end}`
  const kept = fileNameBytes(target).subarray(0, LONGEST_NAME - 1 - end.length)
  return decodeFileName(Buffer.concat([Buffer.from('.'), kept, Buffer.from(end)]))
}

/** Random bytes that no name has used yet. */
let random: Buffer = Buffer.alloc(0)

/** 64 random bits. Taken from the kernel for many names at once: a system call or three for each is most of its cost. */
function randomHex(): string {
  if (random.length < 8) random = randomBytes(2048)
  const hex = random.toString('hex', 0, 8)
  random = random.subarray(8)
  return hex
}

/** From the kernel by name where it has one: loading node:crypto takes 4 ms, a merge of a file one. */
function randomBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count)
  try {
    const fd = fs.openSync('/dev/urandom', 'r')
    try {
      if (fs.readSync(fd, bytes) === bytes.length) return bytes
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    // No such device here (a bare chroot): the library asks the kernel in another way.
  }
  return randomFillSync(bytes)
}

/** Reads a name that `temporaryName` made for this tool; undefined for any other name. */
export function parseTemporaryName(name: FileName, tool: string): TemporaryName | undefined {
  // Called for every entry of a tree: the cheap test first.
  if (typeof name === 'string' && !(name.startsWith('.') && name.endsWith('.tmp'))) return undefined
  const bytes = fileNameBytes(name)
  const text = bytes.toString('latin1')
  const found = tail.exec(text)
  if (!found || text[0] !== '.') return undefined
  const [, pid = '', start = '', place = ''] = found
  const before = text.slice(1, found.index)
  if (!before.endsWith(`.${tool}`)) return undefined
  const target = bytes.subarray(1, 1 + before.length - tool.length - 1)
  if (target.length === 0) return undefined
  return { target, cut: bytes.length === LONGEST_NAME, maker: { pid: Number(pid), start, place } }
}

/** Can this be a temporary file for that target? Where the name was cut, its beginning decides. */
export function isTemporaryFor(temporary: TemporaryName, target: FileName): boolean {
  const bytes = fileNameBytes(target)
  if (temporary.target.equals(bytes)) return true
  return temporary.cut && temporary.target.equals(bytes.subarray(0, temporary.target.length))
}
