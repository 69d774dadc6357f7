import { fstatSync } from 'node:fs'
import { decodeFileName, type FileName, fileNameText } from '@nightshift/tooling/files'
import { bytesOfText } from '@nightshift/tooling/terminal'
import { Qcow2Error } from '../errors.ts'
import { FINDINGS, type Finding, type FindingCode } from '../findings/index.ts'
import { type Blocker, type Image, openImage } from '../image/index.ts'
import type { BlockSource } from '../source/index.ts'
import { AllowedFolders } from './allowed-folders.ts'
import type { Chain, ChainMember } from './chain.ts'
import { guessFormat } from './member-format.ts'
import { type NamedFile, openNamedFile } from './named-file.ts'

export interface ChainOptions {
  /** Open backing files at all; else one that is named is `backing-not-read`. */
  readonly chain?: boolean
  /** Folders below which backing files may lie beside the image's own: paths, Buffers where they aren't UTF-8. */
  readonly allowPaths?: readonly (string | Buffer)[]
  /** Path of the image, where the name of its source isn't one. */
  readonly path?: string | Buffer
  /** Members at most. */
  readonly depth?: number
}

const DEPTH = 200

/**
 * Follows the backing files of an image. A name in an image is the word of a stranger: it is followed to regular files
 * below the image's folder and the allowed ones, and to nothing else. What is missing or refused is a finding.
 *
 * @throws Qcow2Error `unreadable`: the image's path, or an allowed folder, is not there
 */
export async function openChain(image: Image, options: ChainOptions = {}): Promise<Chain> {
  const walk = new ChainWalk(image)
  if (image.backingFile === undefined) return walk.result(true)
  if (!options.chain) {
    walk.add('backing-not-read', { name: image.backingFile.name })
    return walk.result(false)
  }
  const path = options.path ?? pathOf(image.source)
  const allowed = new AllowedFolders(path, options.allowPaths ?? [])
  try {
    return walk.result(await walk.follow(path, allowed, options.depth ?? DEPTH))
  } catch (error) {
    walk.close()
    throw error
  }
}

class ChainWalk {
  readonly #top: Image
  readonly #members: ChainMember[] = []
  readonly #findings: Finding[] = []
  readonly #blockers: Blocker[] = []
  readonly #seen = new Set<string>()

  constructor(top: Image) {
    this.#top = top
  }

  /** @returns true at a member that names no further one */
  async follow(path: FileName, allowed: AllowedFolders, depth: number): Promise<boolean> {
    this.#seen.add(identityOf(this.#top.source))
    let above = this.#top
    let from = path
    while (above.backingFile !== undefined) {
      const { name, bytes, format } = above.backingFile
      if (this.#members.length >= depth) {
        this.add('too-much-work', { why: `the chain has more than ${depth} backing files` })
        return false
      }
      const file = openNamedFile(Buffer.from(bytes), from, allowed)
      if ('code' in file) {
        this.add(file.code, { name, why: file.why })
        if (file.code === 'backing-missing') this.#refuseMissing(file.path)
        return false
      }
      const member = await this.#join(file, above, name, format)
      if (member === undefined) return false
      if (member.image === undefined) return true
      above = member.image
      from = file.path
    }
    return true
  }

  /** Takes a file into the chain; closes it if it can't be a member. */
  async #join(
    file: NamedFile,
    above: Image,
    name: string,
    format: string | undefined,
  ): Promise<ChainMember | undefined> {
    const { source } = file
    try {
      const member = await this.#memberOf(file, name, format)
      if (member === undefined) {
        source.close()
        return undefined
      }
      this.#members.push(member)
      if (member.size < above.virtualSize) this.add('backing-smaller', { name, size: member.size })
      return member
    } catch (error) {
      source.close()
      const other = error instanceof Qcow2Error && error.code === 'not-qcow2'
      const why = other ? 'it is not a QCOW2 image, as the image says' : String(error)
      this.add('backing-unreadable', { name, why })
      return undefined
    }
  }

  async #memberOf(
    { source, identity }: NamedFile,
    name: string,
    recorded: string | undefined,
  ): Promise<ChainMember | undefined> {
    if (this.#seen.has(identity)) {
      this.add('backing-loop', { name })
      return undefined
    }
    this.#seen.add(identity)
    if (recorded === undefined) this.add('backing-format-unknown', { name })
    const format = recorded ?? guessFormat(beginningOf(source))
    if (format === 'raw') return { name, source, format, size: source.size }
    if (format !== 'qcow2') {
      this.add('backing-format-other', { name, format })
      return undefined
    }
    const image = await openImage(source)
    const refusal = image.blockers.find(({ readable }) => !readable)
    if (refusal !== undefined)
      this.add('backing-unreadable', { name, why: `QEMU refuses it: ${refusal.message}` })
    if (image.features.externalData) this.add('data-file-not-given', { name: image.dataFileName ?? '' })
    return { name, source, format, image, size: image.virtualSize }
  }

  add(code: FindingCode, fields: Finding['fields']): void {
    const { backingFileOffset, backingFileSize } = this.#top.header
    this.#findings.push({
      code,
      severity: FINDINGS[code],
      offset: Number(backingFileOffset),
      length: backingFileSize,
      repair: { class: 'none', safe: false, lossy: false },
      fields,
    })
  }

  #refuseMissing(path: FileName): void {
    const message = `Could not open backing file: Could not open '${fileNameText(path)}': No such file or directory`
    this.#blockers.push({ code: 'backing-missing', message, readable: false })
  }

  result(complete: boolean): Chain {
    const [members, findings, blockers] = [this.#members, this.#findings, this.#blockers]
    return { members, complete, findings, blockers, close: () => this.close() }
  }

  close(): void {
    for (const { source } of this.#members) source.close?.()
  }
}

/** Bytes by which a format is told. */
function beginningOf(source: NamedFile['source']): Uint8Array {
  const bytes = new Uint8Array(512)
  return bytes.subarray(0, source.read(bytes, 0))
}

/** The name of a file source is its path as text. */
function pathOf(source: BlockSource): FileName {
  return decodeFileName(bytesOfText(source.name))
}

/** Of what is no file: nothing that a member could be. */
function identityOf(source: BlockSource): string {
  const { fd } = source as { readonly fd?: unknown }
  if (typeof fd !== 'number') return ''
  const { dev, ino } = fstatSync(fd)
  return `${dev}:${ino}`
}
