import type { FindingCode } from '../../../src/findings/index.ts'

export interface Kind {
  readonly commands: readonly (readonly string[])[]
  /** Of `--image-opts`. */
  readonly options?: readonly string[]
}

const create = (...options: string[]) => ['qemu-img', 'create', '-q', '-f', 'qcow2', ...options, 'IMG', '64M']
const bitmap = (...args: string[]) => ['qemu-img', 'bitmap', '--add', ...args]
const luks = 'encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10'

/** Images to be edited. */
export const KINDS = {
  v3: { commands: [create()] },
  v2: { commands: [create('-o', 'compat=0.10')] },
  small: { commands: [create('-o', 'cluster_size=512')] },
  large: { commands: [create('-o', 'cluster_size=2M')] },
  refcount1: { commands: [create('-o', 'refcount_bits=1')] },
  refcount64: { commands: [create('-o', 'refcount_bits=64')] },
  zstd: { commands: [create('-o', 'compression_type=zstd')] },
  extended: { commands: [create('-o', 'extended_l2=on,cluster_size=16k')] },
  backing: { commands: [create('-u', '-b', 'IMG.base', '-F', 'raw')], options: ['backing='] },
  data: { commands: [create('-o', 'data_file=IMG.raw')], options: ['data-file.driver=null-co'] },
  snapshots: {
    commands: [
      create(),
      ['qemu-img', 'snapshot', '-c', 's1', 'IMG'],
      ['qemu-img', 'snapshot', '-c', 's2', 'IMG'],
    ],
  },
  bitmaps: { commands: [create(), bitmap('-g', '64k', 'IMG', 'b0'), bitmap('-g', '32k', 'IMG', 'b1')] },
  luks: {
    commands: [create('--object', 'secret,id=key,data=night', '-o', luks)],
    options: ['encrypt.key-secret=key'],
  },
} as const satisfies Readonly<Record<string, Kind>>

export interface Case {
  readonly kind: keyof typeof KINDS
  readonly name: string
  /** In place, or what takes its place. */
  // biome-ignore lint/suspicious/noConfusingVoidType: an edit in place returns nothing
  readonly edit: (bytes: Buffer) => Uint8Array | void
  /** Code of the first blocker; undefined: QEMU opens it for reading and writing. */
  readonly code: FindingCode | undefined
}
