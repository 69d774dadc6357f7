import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { applyPlan, cloneImage, RepairTarget } from '../../src/repair/index.ts'
import { folder, hashOf, image, planOf } from './sample.ts'

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
}

/** A file system that can clone. */
function xfs(): string {
  const where = folder()
  const [disk, mounted] = [join(where, 'disk'), join(where, 'mounted')]
  run('truncate', '-s', '320M', disk)
  run('mkfs.xfs', '-q', disk)
  run('mkdir', mounted)
  run('mount', '-o', 'loop', disk, mounted)
  onTestFinished(() => run('umount', mounted))
  return mounted
}

function opened(file: string): RepairTarget {
  const target = RepairTarget.open(file)
  onTestFinished(() => target.close())
  return target
}

describe('a clone', () => {
  it('is the image as it was, with its mode, and takes no room', async () => {
    const file = image(xfs())
    chmodSync(file, 0o640)
    const before = hashOf(file)
    const target = opened(file)
    expect(cloneImage(target, `${file}.clone`)).toBe(`${file}.clone`)
    await applyPlan(
      target,
      await planOf(file, [{ offset: 65_000, after: Buffer.from('new'), phase: 'header' }]),
    )
    expect(hashOf(`${file}.clone`)).toBe(before)
    expect(hashOf(file)).not.toBe(before)
    expect(statSync(`${file}.clone`).mode & 0o7777).toBe(0o640)
    const shared = spawnSync('filefrag', ['-v', `${file}.clone`], { encoding: 'utf8' }).stdout
    expect(shared).toContain('shared')
  })

  it('is never made over anything', () => {
    const where = xfs()
    const file = image(where)
    const before = hashOf(file)
    writeFileSync(join(where, 'victim'), 'victim')
    symlinkSync('nowhere', join(where, 'dangling'))
    const target = opened(file)
    for (const name of ['victim', 'dangling', 'disk.qcow2']) {
      expect(() => cloneImage(target, join(where, name))).toThrow(expect.objectContaining({ code: 'exists' }))
    }
    expect(readFileSync(join(where, 'victim'), 'utf8')).toBe('victim')
    expect(statSync(join(where, 'nowhere'), { throwIfNoEntry: false })).toBeUndefined()
    expect(hashOf(file)).toBe(before)
  })

  it('is refused where the file system makes none, or another one is meant', () => {
    const file = image()
    const target = opened(file)
    for (const to of [`${file}.clone`, join(xfs(), 'clone')]) {
      expect(() => cloneImage(target, to)).toThrow(expect.objectContaining({ code: 'refused' }))
      expect(statSync(to, { throwIfNoEntry: false })).toBeUndefined()
    }
  })
})
