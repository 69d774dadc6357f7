import type { Shape } from './shape.ts'

/** The one passphrase of all encrypted images. */
const SECRET = ['--object', 'secret,id=key,data=moonlight']

export const DATA_FILE = 'guest.data'
export const BACKING_FILE = 'template.img'

/** The arguments with which qemu-img and qemu-io open an image of that shape. */
export function openArguments(shape: Shape, path: string, lockless = false): string[] {
  if (shape.encryption === undefined && !lockless) return ['-f', 'qcow2', path]
  const options = [
    'driver=qcow2',
    'file.driver=file',
    `file.filename=${path}`,
    ...(lockless ? ['file.locking=off'] : []),
    ...(shape.encryption === undefined ? [] : ['encrypt.key-secret=key']),
  ]
  return [...(shape.encryption === undefined ? [] : SECRET), '--image-opts', options.join(',')]
}

/** The arguments of `qemu-img create`. */
export function createArguments(shape: Shape, path: string): string[] {
  const options = [
    `cluster_size=${shape.clusterSize}`,
    `compat=${shape.version === 2 ? '0.10' : '1.1'}`,
    ...(shape.refcountBits === 16 ? [] : [`refcount_bits=${shape.refcountBits}`]),
    ...(shape.extendedL2 ? ['extended_l2=on'] : []),
    ...(shape.compression ? [`compression_type=${shape.compression}`] : []),
    ...(shape.preallocation ? [`preallocation=${shape.preallocation}`] : []),
    ...(shape.lazyRefcounts ? ['lazy_refcounts=on'] : []),
    ...(shape.dataFile ? [`data_file=${DATA_FILE}`] : []),
    ...(shape.dataFile === 'raw' ? ['data_file_raw=on'] : []),
    // Measuring how slow a key shall be made takes 2 seconds at best.
    ...(shape.encryption === 'luks'
      ? ['encrypt.format=luks', 'encrypt.key-secret=key', 'encrypt.iter-time=50']
      : []),
    ...(shape.encryption === 'aes' ? ['encrypt.format=aes', 'encrypt.key-secret=key'] : []),
  ]
  return [
    'create',
    '-q',
    ...(shape.encryption ? SECRET : []),
    '-f',
    'qcow2',
    '-o',
    options.join(','),
    ...(shape.backing ? ['-b', BACKING_FILE, '-F', shape.backing] : []),
    path,
    String(shape.virtualSize),
  ]
}
