import { decodeHeaderExtensions, EXTENSION, type HeaderExtension, LIMITS } from '../../format/index.ts'
import type { HeaderDraft } from './plausible-fields.ts'

const EXTENSIONS = new Set<number>(Object.values(EXTENSION))

/**
 * Extensions behind the header are kept where they are some. Where they aren't, an end marker goes before what stands
 * there; and where they begin tells the length of the header.
 */
export function whatFollows(
  bytes: Uint8Array,
  draft: HeaderDraft,
): { readonly draft: HeaderDraft; readonly end: Uint8Array } {
  const { header, from } = draft
  const name = Number(header.backingFileOffset)
  const sound = (length: number): readonly HeaderExtension[] | undefined => {
    const { extensions, brokenAt } = decodeHeaderExtensions(bytes, length, name || bytes.length)
    return brokenAt === undefined && extensions.every(({ type }) => EXTENSIONS.has(type))
      ? extensions
      : undefined
  }
  const lengths = from.headerLength === 'derived' ? [header.headerLength, 104] : [header.headerLength]
  for (const headerLength of lengths) {
    const extensions = sound(headerLength) ?? []
    if (extensions.length === 0) continue
    // Only an image with LUKS encryption has a pointer to its header.
    const luks = extensions.some(({ type }) => type === EXTENSION.cryptoHeader)
    const cryptMethod = luks ? 2 : header.cryptMethod
    return { draft: { from, header: { ...header, headerLength, cryptMethod } }, end: new Uint8Array(0) }
  }
  return { draft, end: new Uint8Array(sound(header.headerLength) === undefined ? 8 : 0) }
}

/** The name goes as far as there is text, where its length can't be. */
export function withBackingName(bytes: Uint8Array, { header, from }: HeaderDraft): HeaderDraft {
  const start = Number(header.backingFileOffset)
  if (start === 0 || header.backingFileSize > 0 || start >= bytes.length) return { header, from }
  let end = start
  while (end < bytes.length && end - start < LIMITS.backingFileName && (bytes[end] as number) >= 32) end++
  return end === start
    ? { header: { ...header, backingFileOffset: 0n }, from }
    : { header: { ...header, backingFileSize: end - start }, from: { ...from, backingFileSize: 'guessed' } }
}
