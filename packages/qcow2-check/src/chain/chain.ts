import type { Finding } from '../findings/index.ts'
import type { Blocker, Image } from '../image/index.ts'
import type { BlockSource } from '../source/index.ts'

/** A backing file that was opened. */
export interface ChainMember {
  /** As the image above it names it: text of a stranger. */
  readonly name: string
  /** Open; closed with the chain. Its name is the path. */
  readonly source: BlockSource
  readonly format: 'qcow2' | 'raw'
  /** Of a QCOW2 member. */
  readonly image?: Image
  /** Bytes of the disk that it holds. */
  readonly size: number
}

/** The backing files below an image, as far as they could and might be opened. */
export interface Chain {
  /** The image's own backing file first. */
  readonly members: readonly ChainMember[]
  /** True if the last member names no further one: everything below the image can be read. */
  readonly complete: boolean
  readonly findings: readonly Finding[]
  /** What QEMU says about members, where it is known. */
  readonly blockers: readonly Blocker[]
  close(): void
}
