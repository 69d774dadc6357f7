import { LIMITS } from '../format/index.ts'
import { NO_REMEDY } from './findings-list.ts'
import { FIELD } from './header-rules.ts'
import type { OpenContext } from './open-context.ts'

/** Where QEMU looks for it at once; its length it looks at later. */
export function checkBackingOffset({ header, geometry, blockers }: OpenContext): void {
  if (header.backingFileOffset > BigInt(geometry.clusterSize))
    blockers.add('header-backing-name', 'Invalid backing file offset')
}

/** The name of the backing file: text of a stranger, and the image has none if it can't be where the header says. */
export function believeBackingName(context: OpenContext, cluster: Uint8Array): Uint8Array | undefined {
  const { header, geometry, findings, blockers } = context
  const { backingFileOffset: target, backingFileSize: length } = header
  if (target === 0n) return undefined
  const room = BigInt(geometry.clusterSize) - target
  const fits = room >= 0n && length <= LIMITS.backingFileName && BigInt(length) <= room
  if (!fits) {
    if (room >= 0n) blockers.add('header-backing-name', 'Backing file name too long')
    findings.add('header-backing-name', FIELD.backingFile, { target, length }, { repair: NO_REMEDY })
    return undefined
  }
  const name = cluster.subarray(Number(target), Number(target) + length)
  const end = name.indexOf(0)
  if (end >= 0 || !isText(name)) {
    const fields = { target, length, why: 'what stands there is no name' }
    findings.add('header-backing-name', FIELD.backingFile, fields, { repair: NO_REMEDY })
  }
  const text = name.slice(0, end < 0 ? name.length : end)
  return text.length === 0 ? undefined : text
}

/** Names may be of any encoding; control characters in what is no UTF-8 are rubbish. QEMU counts no zero with a name. */
function isText(name: Uint8Array): boolean {
  if (name.every((byte) => byte >= 0x20 && byte !== 0x7f)) return true
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(name)
    return true
  } catch {
    return false
  }
}
