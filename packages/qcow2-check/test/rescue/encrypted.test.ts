import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { rescue } from '../../src/rescue/index.ts'
import { guestBytes, sha256 } from '../mapping/reference.ts'
import { guestData } from '../support/noise.ts'
import { qemu, qemuImg, qemuIo } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { openMade } from './open.ts'

const scratch = new Scratch('qcow2-encrypted')
afterAll(() => scratch[Symbol.dispose]())

const K = 1024
const SIZE = 8 * K * K
const SECRET = ['--object', 'secret,id=key,data=correct-horse']
const keyed = (path: string) => [
  ...SECRET,
  '--image-opts',
  `driver=qcow2,file.filename=${path},encrypt.key-secret=key`,
]

interface Encryption {
  readonly name: string
  readonly clusterSize: number
  readonly options: string
}

const KINDS: readonly Encryption[] = [
  { name: 'luks-4k', clusterSize: 4 * K, options: 'encrypt.format=luks,encrypt.iter-time=10' },
  {
    name: 'luks-ext',
    clusterSize: 64 * K,
    options: 'encrypt.format=luks,encrypt.iter-time=10,extended_l2=on',
  },
  { name: 'aes-64k', clusterSize: 64 * K, options: 'encrypt.format=aes' },
]

function write(path: string, seed: string, offset: number, length: number): void {
  const piece = scratch.file('piece')
  writeFileSync(piece, guestData(seed, length))
  qemuIo([...keyed(path), '-c', `write -s ${piece} ${offset} ${length}`])
}

const made = new Map<string, string>()

/** Making a key slot takes its time: an image is made once. */
function make(kind: Encryption): string {
  const known = made.get(kind.name)
  if (known !== undefined) return known
  const path = create(kind)
  made.set(kind.name, path)
  return path
}

function create({ name, clusterSize: c, options }: Encryption): string {
  const path = scratch.file(`${name}.qcow2`)
  const wanted = `cluster_size=${c},encrypt.key-secret=key,${options}`
  const args = ['create', '-q', ...SECRET, '-f', 'qcow2', '-o', wanted, path, String(SIZE)]
  // On a busy machine qemu-img can't measure how slow a key is to be made, and says so.
  for (let attempt = 1; ; attempt++) {
    const { status, stderr } = qemu('qemu-img', args)
    if (status === 0) break
    if (attempt === 20 || !stderr.includes('accurate CPU usage')) throw new Error(stderr)
  }
  write(path, 'a', 0, 3 * c)
  write(path, 'b', SIZE / 2, 2 * c)
  qemuImg(['snapshot', ...keyed(path).slice(0, 2), '-c', 'one', '--image-opts', keyed(path)[3] ?? ''])
  write(path, 'c', c, c)
  write(path, 'd', SIZE - 3 * c + 512, c)
  return path
}

describe('an encrypted image', () => {
  test.each(KINDS)('$name becomes one that opens with the same key', async (kind) => {
    const path = make(kind)
    using opened = await openMade({ path, snapshots: ['1'], size: SIZE })
    const output = scratch.file(`${kind.name}.out`)
    const result = await rescue(opened.image, { output, format: 'qcow2', disk: 'all' })
    expect(result).toMatchObject({ complete: true })
    expect(qemu('qemu-img', ['check', ...keyed(output)])).toMatchObject({ status: 0, stderr: '' })
    for (const id of [undefined, '1']) {
      const expected = guestBytes(scratch, path, id, keyed(path))
      expect(sha256(guestBytes(scratch, output, id, keyed(output)))).toBe(sha256(expected))
    }
    // It can be written to as well: the counts of its clusters are right.
    write(output, 'e', 0, kind.clusterSize)
    expect(qemu('qemu-img', ['check', ...keyed(output)]).status).toBe(0)
  })

  test('without snapshots, too, where only one disk is wanted', async () => {
    const [kind] = KINDS as [Encryption]
    const path = make(kind)
    using opened = await openMade({ path, snapshots: ['1'], size: SIZE })
    const output = scratch.file('one.out')
    await rescue(opened.image, { output, format: 'qcow2', disk: { kind: 'snapshot', idOrName: 'one' } })
    expect(sha256(guestBytes(scratch, output, undefined, keyed(output)))).toBe(
      sha256(guestBytes(scratch, path, '1', keyed(path))),
    )
  })

  test('does not become raw: ciphertext without its header is of no use', async () => {
    const [kind] = KINDS as [Encryption]
    const path = make(kind)
    using opened = await openMade({ path, snapshots: ['1'], size: SIZE })
    const output = scratch.file('cipher.raw')
    await expect(rescue(opened.image, { output, format: 'raw' })).rejects.toMatchObject({
      code: 'refused',
      remedy: expect.stringContaining('qcow2'),
    })
    expect(statSync(output, { throwIfNoEntry: false })).toBeUndefined()
  })

  test('keeps the key slots as they are, and the source too', async () => {
    const [kind] = KINDS as [Encryption]
    const path = make(kind)
    const before = scratch.file('before')
    copyFileSync(path, before)
    using opened = await openMade({ path, snapshots: ['1'], size: SIZE })
    const output = scratch.file('slots.out')
    await rescue(opened.image, { output, format: 'qcow2' })
    const header = opened.image.owned.find(({ kind: what }) => what === 'crypto-header')
    if (!header) throw new Error('no header')
    const part = (file: string) => readFileSync(file).subarray(header.offset, header.offset + header.length)
    expect(part(output).equals(part(path))).toBe(true)
    expect(sha256(readFileSync(path))).toBe(sha256(readFileSync(before)))
  })
})
