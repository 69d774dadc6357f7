import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { openFileSource } from '../../src/source/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'qcow2-open-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('an image with two snapshots', async () => {
  const path = join(folder, 'two.qcow2')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', path, '64M'])
  execFileSync('qemu-img', ['snapshot', '-c', 's1', path])
  execFileSync('qemu-img', ['snapshot', '-c', 's2', path])
  const source = openFileSource(path)
  const image = await openImage(source)
  source.close()
  expect(image.findings).toEqual([])
  expect(image.virtualSize).toBe(64 * 1024 * 1024)
  expect(image.snapshots.entries.map(({ id, name, sound }) => [id, name, sound])).toEqual([
    ['1', 's1', true],
    ['2', 's2', true],
  ])
})

test('an image that grew since its file was opened', async () => {
  const path = join(folder, 'growing.qcow2')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', path, '64M'])
  const source = openFileSource(path)
  const before = (await openImage(source)).fileSize
  execFileSync('qemu-img', ['snapshot', '-c', 's1', path])
  const { fileSize, findings, snapshots } = await openImage(source)
  source.close()
  expect(fileSize).toBeGreaterThan(before)
  expect(findings).toEqual([])
  expect(snapshots.complete).toBe(true)
})
