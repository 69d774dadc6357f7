import {
  chmodSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RescueOptions, rescue } from '../../src/rescue/index.ts'
import { kindNamed, type MadeImage, makeImage } from '../mapping/make-image.ts'
import { guestBytes, sha256 } from '../mapping/reference.ts'
import { qemu, qemuImg } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { openMade } from './open.ts'

const scratch = new Scratch('qcow2-output')
afterAll(() => scratch[Symbol.dispose]())

let backed: MadeImage
beforeAll(() => {
  backed = makeImage(scratch, kindNamed('backed'))
})

async function rescueTo(output: string, more: Partial<RescueOptions> = {}) {
  using opened = await openMade(backed)
  const { backing, members } = opened
  const chain = backing ? { backing, members } : {}
  return await rescue(opened.image, { output, format: 'raw', ...chain, ...more })
}

describe('the output is never a file that is read', () => {
  const names: readonly (readonly [string, () => string])[] = [
    ['the image', () => backed.path],
    ['its backing file', () => backed.backing ?? ''],
    [
      'a hard link to the image',
      () => {
        linkSync(backed.path, scratch.file('hard'))
        return scratch.file('hard')
      },
    ],
    [
      'a symbolic link to the backing file',
      () => {
        symlinkSync(backed.backing ?? '', scratch.file('soft'))
        return scratch.file('soft')
      },
    ],
  ]
  test.each(names)('%s', async (_, path) => {
    const output = path()
    const before = [backed.path, backed.backing ?? ''].map((file) => sha256(readFileSync(file)))
    await expect(rescueTo(output, { force: true })).rejects.toMatchObject({ code: 'refused' })
    await expect(rescueTo(scratch.file('new.raw'), { map: output })).rejects.toMatchObject({
      code: 'refused',
    })
    expect([backed.path, backed.backing ?? ''].map((file) => sha256(readFileSync(file)))).toEqual(before)
    expect(existsSync(scratch.file('new.raw'))).toBe(false)
  })

  test('a backing file that was not opened', async () => {
    using opened = await openMade(backed)
    await expect(
      rescue(opened.image, { output: backed.backing ?? '', format: 'raw', force: true }),
    ).rejects.toMatchObject({ code: 'refused' })
  })

  test('the map is not the output', async () => {
    const output = scratch.file('both')
    await expect(rescueTo(output, { map: output })).rejects.toMatchObject({ code: 'refused' })
  })
})

describe('a file that is there', () => {
  test('stays without force', async () => {
    const output = scratch.file('there')
    writeFileSync(output, 'precious')
    await expect(rescueTo(output)).rejects.toMatchObject({ code: 'exists' })
    expect(readFileSync(output, 'utf8')).toBe('precious')
  })

  test('is replaced with it, and nothing is left beside it', async () => {
    const output = scratch.file('there')
    writeFileSync(output, 'not so precious')
    await rescueTo(output, { force: true })
    expect(sha256(readFileSync(output))).toBe(sha256(guestBytes(scratch, backed.path)))
    expect(readdirSync(scratch.path).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('stays where the rescue is given up', async () => {
    const output = scratch.file('there')
    writeFileSync(output, 'precious')
    const stop = new AbortController()
    const onProgress = () => stop.abort(new Error('enough'))
    await expect(rescueTo(output, { force: true, signal: stop.signal, onProgress })).rejects.toThrow('enough')
    expect(readFileSync(output, 'utf8')).toBe('precious')
    expect(readdirSync(scratch.path).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('who may read it', () => {
  test.each([0o600, 0o640, 0o644])('no more than the image: %o', async (mode) => {
    const output = scratch.file(`mode-${mode}`)
    chmodSync(backed.path, mode)
    await rescueTo(output)
    expect(statSync(output).mode & 0o777 & ~mode).toBe(0)
    // A file that is replaced keeps its mode, less what the image forbids.
    chmodSync(output, 0o666)
    await rescueTo(output, { force: true })
    expect(statSync(output).mode & 0o777).toBe(mode)
    chmodSync(backed.path, 0o644)
  })
})

describe('a backing file', () => {
  test('that is not opened leaves ranges that were not read', async () => {
    using opened = await openMade(backed)
    const output = scratch.file('alone.qcow2')
    const { disks, complete } = await rescue(opened.image, { output, format: 'qcow2' })
    expect(complete).toBe(false)
    expect(disks[0]?.lost.length).toBeGreaterThan(0)
    expect(new Set(disks[0]?.lost.map(({ reason, status }) => `${status} ${reason}`))).toEqual(
      new Set(['not-read backing-not-read']),
    )
    expect(JSON.parse(qemuImg(['info', '--output=json', output]))).not.toHaveProperty('backing-filename')
    expect(qemu('qemu-img', ['check', output]).status).toBe(0)
    // What the image itself knows stays apart from what it left to its backing file: given one again, it is whole.
    qemuImg(['rebase', '-u', '-f', 'qcow2', '-b', backed.backing ?? '', '-F', 'qcow2', output])
    expect(sha256(guestBytes(scratch, output))).toBe(sha256(guestBytes(scratch, backed.path)))
  })
})

test('holes stay holes', async () => {
  const output = scratch.file('sparse.raw')
  const sparse = scratch.file('sparse.qcow2')
  qemuImg(['create', '-q', '-f', 'qcow2', sparse, '1T'])
  using opened = await openMade({ path: sparse, snapshots: [], size: 2 ** 40 })
  await rescue(opened.image, { output, format: 'raw' })
  expect(statSync(output).size).toBe(2 ** 40)
  expect(statSync(output).blocks).toBeLessThan(16)
})
