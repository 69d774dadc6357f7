import {
  type AttributeIndex,
  copyAttributes,
  fileNameText,
  findFileAttributes,
  type Replacement,
} from '@nightshift/tooling/files'
import type { Warning } from '../report/warning.ts'
import type { Input } from './input.ts'
import type { Pair } from './job.ts'

/** Gives a replacement the extended attributes and access control lists of the file it replaces. */
export function keepAttributes(
  source: Input,
  replacement: Replacement,
  known: Pair['attributes'],
): Warning[] {
  if (known !== 'look') return known === undefined ? [] : copy(source.fd, replacement, known)
  const { folder, name } = source.place
  const index = findFileAttributes(folder, name, source.fd)
  const unknown = attributeWarning(index)
  if (unknown) return [unknown]
  return index.concerns(name) ? copy(source.fd, replacement, index.of(name)) : []
}

/** What is said once a run where extended attributes can't be seen. */
export function attributeWarning(index: AttributeIndex): Warning | undefined {
  if (index.known) return undefined
  const message = `extended attributes and ACLs are not kept: ${index.reason ?? 'getfattr failed'}; the package attr has it`
  return { code: 'xattr-unknown', message }
}

function copy(source: number, replacement: Replacement, names: readonly string[]): Warning[] {
  const { differing, reason } = copyAttributes(source, replacement.fd, names)
  if (differing.length === 0 && reason === undefined) return []
  const which = differing.length > 0 ? ` (${differing.join(', ')})` : ''
  const path = fileNameText(replacement.path)
  const message = `${path}: extended attributes could not all be kept${which}: ${reason ?? 'not permitted'}`
  return [{ code: 'xattr-changed', message, attributes: differing }]
}
