import { createHash } from 'node:crypto'
import { decodeFileName, type FileName, fileNameBytes } from '../file-name.ts'

const LONGEST_NAME = 255

/**
 * Where the journal of a change in place lies: `NAME.<tool>-undo` beside the target, in plain sight. A name too long for
 * that is cut, and told apart by a hash of all of it.
 */
export function journalName(target: FileName, tool: string): FileName {
  const bytes = fileNameBytes(target)
  const end = Buffer.from(`.${tool}-undo`)
  if (bytes.length + end.length <= LONGEST_NAME) return decodeFileName(Buffer.concat([bytes, end]))
  const hash = Buffer.from(`~${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`)
  const kept = bytes.subarray(0, LONGEST_NAME - hash.length - end.length)
  return decodeFileName(Buffer.concat([kept, hash, end]))
}

export function isJournalName(name: FileName, tool: string): boolean {
  const end = `.${tool}-undo`
  return typeof name === 'string' ? name.endsWith(end) : name.subarray(-end.length).equals(Buffer.from(end))
}
