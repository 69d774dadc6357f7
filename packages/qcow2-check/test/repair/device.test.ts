import { execFileSync } from 'node:child_process'
import { chmodSync, lchownSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findUnfinished, RepairTarget } from '../../src/repair/index.ts'
import { STRANGER } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'

/** A logical volume is reached by a link; who may make links beside an image must not choose the volume. */
const scratch = new Scratch('qcow2-device')
const linkIn = (folder: string) => scratch.file(`${folder}/vol.qcow2`)
let device = ''

beforeAll(() => {
  const image = scratch.file('image')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-o', 'preallocation=metadata', image, '64M'])
  device = execFileSync('losetup', ['--find', '--show', image], { encoding: 'utf8' }).trim()
  chmodSync(scratch.path, 0o755)
  for (const [folder, owner] of [
    ['own', 0],
    ['tenant', STRANGER],
  ] as const) {
    mkdirSync(scratch.file(folder), { mode: 0o755 })
    symlinkSync(device, linkIn(folder))
    lchownSync(linkIn(folder), owner, owner)
    lchownSync(scratch.file(folder), owner, owner)
  }
})
afterAll(() => {
  if (device !== '') execFileSync('losetup', ['--detach', device])
  scratch[Symbol.dispose]()
})

test("a volume is opened by root's link, and looked at for interrupted repairs", () => {
  expect(findUnfinished(linkIn('own'))).toEqual([])
  const target = RepairTarget.open(linkIn('own'), { assumeOffline: true })
  expect(target.isDevice).toBe(true)
  expect(target.source.size).toBe(Math.floor(readFileSync(scratch.file('image')).length / 512) * 512)
  target.close()
})

test('root opens no volume by a link in the folder of somebody else', () => {
  expect(() => RepairTarget.open(linkIn('tenant'), { assumeOffline: true })).toThrow(
    /root follows no symbolic link/,
  )
  expect(() => findUnfinished(linkIn('tenant'))).toThrow(/root follows no symbolic link/)
})
