import { readFileSync, statSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { rescue } from '../../src/rescue/index.ts'
import { KINDS, makeImage } from '../mapping/make-image.ts'
import { guestBytes, sha256 } from '../mapping/reference.ts'
import { qemu, qemuImg } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { openMade } from './open.ts'

const scratch = new Scratch('qcow2-rescue')
afterAll(() => scratch[Symbol.dispose]())

interface Info {
  readonly 'cluster-size': number
  readonly 'virtual-size': number
  readonly 'backing-filename'?: string
  readonly snapshots?: readonly { readonly id: string; readonly name: string; readonly 'date-sec': number }[]
}
const infoOf = (path: string) => JSON.parse(qemuImg(['info', '--output=json', path])) as Info

describe('a healthy image', () => {
  test.each(KINDS)('$name becomes raw, disk by disk', async (kind) => {
    const made = makeImage(scratch, kind, 'raw')
    using opened = await openMade(made)
    const output = scratch.file('out.raw')
    const { backing } = opened
    const result = await rescue(opened.image, {
      output,
      format: 'raw',
      disk: 'all',
      ...(backing && { backing }),
      force: true,
    })
    expect(result).toMatchObject({ complete: true, dropped: [] })
    expect(result.disks.map(({ output: file }) => file)).toEqual([
      output,
      ...made.snapshots.map((id) => `${output}.snapshot-${id}`),
    ])
    for (const [index, id] of [undefined, ...made.snapshots].entries()) {
      const file = result.disks[index]?.output ?? ''
      expect(statSync(file).size).toBe(made.size)
      expect(sha256(readFileSync(file))).toBe(sha256(guestBytes(scratch, made.path, id)))
    }
  })

  test.each(KINDS)('$name becomes a QCOW2 image with its snapshots', async (kind) => {
    const made = makeImage(scratch, kind, 'qcow2')
    using opened = await openMade(made)
    const output = scratch.file('out.qcow2')
    const { backing } = opened
    const result = await rescue(opened.image, {
      output,
      format: 'qcow2',
      disk: 'all',
      ...(backing && { backing }),
      force: true,
    })
    expect(result).toMatchObject({ complete: true, dropped: [] })
    expect(qemu('qemu-img', ['check', output])).toMatchObject({ status: 0, stderr: '' })
    const [before, after] = [infoOf(made.path), infoOf(output)]
    expect(after['cluster-size']).toBe(before['cluster-size'])
    expect(after['virtual-size']).toBe(before['virtual-size'])
    expect(after['backing-filename']).toBeUndefined()
    expect(after.snapshots).toEqual(before.snapshots)
    for (const id of [undefined, ...made.snapshots])
      expect(sha256(guestBytes(scratch, output, id))).toBe(sha256(guestBytes(scratch, made.path, id)))
  })
})
