import { writeFileSync } from 'node:fs'
import { guestData } from '../support/noise.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import type { Scratch } from '../support/scratch.ts'

/** How an image of these tests is made. */
export interface Kind {
  readonly name: string
  readonly clusterSize: number
  /** Options of `qemu-img create -o`, beside the cluster size. */
  readonly create?: readonly string[]
  /** Bytes. */
  readonly size?: number
  readonly compressed?: boolean
  readonly snapshots?: boolean
  readonly backing?: boolean
  readonly encrypted?: 'luks' | 'aes'
}

const K = 1024
const M = K * K

export const KINDS: readonly Kind[] = [
  { name: '512', clusterSize: 512 },
  { name: '4k', clusterSize: 4 * K, snapshots: true },
  { name: '64k', clusterSize: 64 * K, snapshots: true },
  { name: '2M', clusterSize: 2 * M, snapshots: true },
  { name: '64k-odd-size', clusterSize: 64 * K, size: 5 * M + 512 },
  { name: 'v2-64k', clusterSize: 64 * K, create: ['compat=0.10'], snapshots: true },
  { name: 'v2-512', clusterSize: 512, create: ['compat=0.10'] },
  { name: 'extended-64k', clusterSize: 64 * K, create: ['extended_l2=on'], snapshots: true },
  { name: 'extended-16k', clusterSize: 16 * K, create: ['extended_l2=on'] },
  { name: 'zlib-64k', clusterSize: 64 * K, compressed: true, snapshots: true },
  { name: 'zlib-4k-v2', clusterSize: 4 * K, create: ['compat=0.10'], compressed: true },
  { name: 'zlib-2M', clusterSize: 2 * M, compressed: true },
  {
    name: 'zstd-64k',
    clusterSize: 64 * K,
    create: ['compression_type=zstd'],
    compressed: true,
    snapshots: true,
  },
  { name: 'zstd-2M', clusterSize: 2 * M, create: ['compression_type=zstd'], compressed: true },
  {
    name: 'extended-zlib',
    clusterSize: 64 * K,
    create: ['extended_l2=on'],
    compressed: true,
    snapshots: true,
  },
  { name: 'data-file', clusterSize: 64 * K, create: ['data_file=@.data'] },
  { name: 'data-file-raw', clusterSize: 64 * K, create: ['data_file=@.data', 'data_file_raw=on'] },
  { name: 'data-file-extended', clusterSize: 64 * K, create: ['data_file=@.data', 'extended_l2=on'] },
  { name: 'prealloc', clusterSize: 64 * K, create: ['preallocation=metadata'] },
  { name: 'backed', clusterSize: 64 * K, backing: true, snapshots: true },
  { name: 'backed-extended', clusterSize: 64 * K, create: ['extended_l2=on'], backing: true },
]

export function kindNamed(name: string): Kind {
  const kind = KINDS.find((candidate) => candidate.name === name)
  if (!kind) throw new Error(`no kind ${name}`)
  return kind
}

export interface MadeImage {
  readonly path: string
  readonly dataFile?: string
  readonly backing?: string
  /** Ids of the snapshots. */
  readonly snapshots: readonly string[]
  readonly size: number
}

/** Makes an image with data, zeros, discarded parts and what its kind says; every place of its disk differs. */
export function makeImage(scratch: Scratch, kind: Kind, seed = 'one'): MadeImage {
  const path = scratch.file(`${kind.name}-${seed}.qcow2`)
  const { clusterSize: c, size = Math.max(6 * M, 32 * c) } = kind
  const options = [`cluster_size=${c}`, ...(kind.create ?? [])].join(',').replaceAll('@', path)
  const backing = kind.backing ? scratch.file(`${kind.name}-${seed}-base.qcow2`) : undefined
  if (backing) {
    qemuImg(['create', '-q', '-f', 'qcow2', backing, String(size - 3 * c)])
    write(scratch, backing, [[`${seed}-base`, 0, size - 4 * c]])
  }
  const backingOptions = backing ? ['-b', backing, '-F', 'qcow2'] : []
  qemuImg(['create', '-q', '-f', 'qcow2', '-o', options, ...backingOptions, path, String(size)])
  const whole = (bytes: number) => Math.floor(bytes / c) * c
  write(scratch, path, [
    [`${seed}-a`, 0, 2 * c],
    [`${seed}-b`, whole(size / 2), 3 * c],
    [`${seed}-c`, whole(size / 3) + 512, c + 512],
    [`${seed}-end`, size - 512, 512],
  ])
  if (kind.compressed)
    write(
      scratch,
      path,
      [
        [`${seed}-z`, 3 * c, 2 * c],
        [`${seed}-y`, whole(size / 4), c],
      ],
      '-c',
    )
  const snapshots: string[] = []
  if (kind.snapshots) {
    qemuImg(['snapshot', '-c', 'first', path])
    write(scratch, path, [[`${seed}-d`, c, c]])
    qemuImg(['snapshot', '-c', 'second', path])
    write(scratch, path, [[`${seed}-e`, whole(size / 2) + c, c]])
    snapshots.push('1', '2')
  }
  const v2 = kind.create?.includes('compat=0.10')
  const zero = v2 ? [] : ['-c', `write -z ${whole(size / 2)} ${c}`, '-c', `write -z -u ${7 * c} ${c}`]
  qemuIo(['-f', 'qcow2', ...zero, '-c', `discard ${whole(size / 2) + 2 * c} ${c}`, path])
  const dataFile = options.includes('data_file=') ? `${path}.data` : undefined
  return { path, ...(dataFile && { dataFile }), ...(backing && { backing }), snapshots, size }
}

/** Writes guest data; each piece comes from a file of its own, as qemu-io takes it. */
export function write(
  scratch: Scratch,
  path: string,
  pieces: readonly (readonly [seed: string, offset: number, length: number])[],
  flag = '',
): void {
  const commands = pieces.flatMap(([seed, offset, length], number) => {
    const source = scratch.file(`piece-${number}`)
    writeFileSync(source, guestData(seed, length))
    // `-s` pads with 0xab what the file lacks; it never does here.
    return ['-c', `write ${flag} -s ${source} ${offset} ${length}`]
  })
  qemuIo(['-f', 'qcow2', ...commands, path])
}
