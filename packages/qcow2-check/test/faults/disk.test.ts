import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, hashOf } from '../repair/sample.ts'
import { qcow2Check, type Ran, STRANGER } from '../support/cli.ts'
import { qemuImg } from '../support/qemu.ts'

/** An image whose refcount table is gone: a repair appends all refcounts anew, and then points to them. */
function damaged(where: string): string {
  const file = join(where, 'image.qcow2')
  qemuImg(['create', '-q', '-f', 'qcow2', '-o', 'cluster_size=512,preallocation=metadata', file, '1M'])
  const image = readFileSync(file)
  const table = Number(image.readBigUInt64BE(48))
  image.fill(0, table, table + image.readUInt32BE(56) * 512)
  writeFileSync(file, image)
  return file
}

/** Runs the tool with a small file system of its own at disk/, full to the last page, on which the image lies. */
const FULL_IMAGE = `set -e
mkdir disk && mount -t tmpfs -o size=2m tmpfs disk && cp image.qcow2 disk/
head -c 20000000 /dev/zero > disk/filling 2> /dev/null || true
code=0; "$@" || code=$?
cp disk/image.qcow2 after.qcow2; ls disk > names.txt; umount disk; exit $code`

const FULL_UNDO = `set -e
mkdir disk && mount -t tmpfs -o size=8k tmpfs disk
head -c 20000000 /dev/zero > disk/filling 2> /dev/null || true
code=0; "$@" || code=$?
ls disk > names.txt; umount disk; exit $code`

const READ_ONLY = `set -e
mkdir disk && mount -t tmpfs tmpfs disk && cp image.qcow2 disk/ && mount -o remount,ro disk
code=0; "$@" || code=$?
umount disk; exit $code`

/** One line, and the remedy perhaps; never a stack. */
function saysOnce({ stderr }: Ran, words: RegExp): void {
  expect(stderr).toMatch(/^qcow2-check: error: [^\n]*\n([^\n]*\n)?$/)
  expect(stderr).toMatch(words)
  expect(stderr).not.toContain('internal error')
}

describe('a disk that is full', () => {
  it('under the image: what was written is rolled back, and nothing is left', () => {
    const where = folder()
    const before = hashOf(damaged(where))
    const ran = qcow2Check(['repair', 'disk/image.qcow2', '--undo-file', 'undo'], {
      cwd: where,
      within: FULL_IMAGE,
    })
    expect(ran.status).toBe(1)
    saysOnce(ran, /disk\/image\.qcow2: .*no space left/i)
    expect(hashOf(join(where, 'after.qcow2'))).toBe(before)
    expect(readFileSync(join(where, 'names.txt'), 'utf8')).toBe('filling\nimage.qcow2\n')
    expect(readdirSync(where)).not.toContain('undo')
  })

  it('under the undo file: the image is untouched, and nothing is left', () => {
    const where = folder()
    const file = damaged(where)
    const before = hashOf(file)
    const ran = qcow2Check(['repair', 'image.qcow2', '--undo-file', 'disk/undo'], {
      cwd: where,
      within: FULL_UNDO,
    })
    expect(ran.status).toBe(1)
    saysOnce(ran, /disk\/undo: .*no space left/i)
    expect(hashOf(file)).toBe(before)
    expect(readFileSync(join(where, 'names.txt'), 'utf8')).toBe('filling\n')
  })
})

describe('an image that may not be written', () => {
  it('on a read-only file system', () => {
    const where = folder()
    damaged(where)
    const ran = qcow2Check(['repair', 'disk/image.qcow2'], { cwd: where, within: READ_ONLY })
    expect(ran.status).toBe(1)
    saysOnce(ran, /disk\/image\.qcow2: .*read-only/i)
  })

  it('by this user', () => {
    const where = folder()
    const file = damaged(where)
    chmodSync(where, 0o755)
    const before = hashOf(file)
    const ran = qcow2Check(['repair', file, '--assume-offline'], { as: STRANGER })
    expect(ran.status).toBe(1)
    saysOnce(ran, /image\.qcow2: .*permission denied/i)
    expect(hashOf(file)).toBe(before)
    expect(readdirSync(where)).toEqual(['image.qcow2'])
  })

  it('in a folder where everybody may plant files: the undo file must go elsewhere', () => {
    const where = folder()
    const file = damaged(where)
    const before = hashOf(file)
    chmodSync(where, 0o777)
    const ran = qcow2Check(['repair', file])
    expect(ran.status).toBe(1)
    saysOnce(ran, /everybody may write/)
    expect(hashOf(file)).toBe(before)
    expect(qcow2Check(['repair', file, '--undo-file', join(folder(), 'undo')]).stderr).toBe('')
  })
})

describe('a device that fails', () => {
  const faults: [fault: string, says: RegExp][] = [
    // strace counts per process: the undo file's own writes and syncs come first.
    ['pwrite64:error=EIO:when=1', /undo-1: .*(input\/output|i\/o) error/i],
    ['fsync:error=EIO:when=1', /undo-1: .*(input\/output|i\/o) error/i],
    ['fsync:error=EIO:when=3', /undo-1: .*(input\/output|i\/o) error/i],
    ['pwrite64:error=EIO:when=3', /image\.qcow2: .*(input\/output|i\/o) error/i],
    ['pwrite64:error=EDQUOT:when=4', /image\.qcow2: .*quota/i],
    ['fdatasync:error=EIO:when=1', /image\.qcow2: .*(input\/output|i\/o) error/i],
    ['fdatasync:error=EIO:when=2', /image\.qcow2: .*(input\/output|i\/o) error/i],
  ]
  it.each(faults)('%s: as before, and nothing is left', (fault, says) => {
    const where = folder()
    const file = damaged(where)
    const before = hashOf(file)
    const within = `exec strace -f -qq -o trace.txt -e trace=${fault.split(':')[0]} -e inject=${fault} "$@"`
    const ran = qcow2Check(['repair', file], { cwd: where, within })
    expect(ran.status).toBe(1)
    saysOnce(ran, says)
    expect(hashOf(file)).toBe(before)
    expect(readdirSync(where)).toEqual(['image.qcow2', 'trace.txt'])
  })

  it('for good: says that it is halfway, and the next run brings it back', () => {
    const where = folder()
    const file = damaged(where)
    const before = hashOf(file)
    const within = `exec strace -f -qq -o trace.txt -e trace=pwrite64 -e inject=pwrite64:error=EIO:when=4+ "$@"`
    const ran = qcow2Check(['repair', file], { cwd: where, within })
    expect(ran.status).toBe(1)
    saysOnce(ran, /changed halfway/)
    expect(readdirSync(where)).toContain('image.qcow2.undo-1')
    expect(hashOf(file)).not.toBe(before)
    expect(qcow2Check(['undo', file, `${file}.undo-1`]).status).toBe(0)
    expect(hashOf(file)).toBe(before)
  })
})

describe('system calls of a repair', () => {
  it('the undo file, its name and its state are on the disk before the image is written to', () => {
    const where = folder()
    const file = damaged(where)
    const calls = 'openat,pwrite64,fsync,fdatasync,ftruncate'
    const within = `exec strace -f -y -qq -o trace.txt -e trace=${calls} "$@"`
    expect(qcow2Check(['repair', file], { cwd: where, within }).stderr).toBe('')
    const trace = readFileSync(join(where, 'trace.txt'), 'utf8').split('\n')
    const steps = trace.flatMap((line) => {
      const found = /(pwrite64|fsync|fdatasync|ftruncate)\(\d+<([^>]*)>/.exec(line)
      if (!found) return []
      const [, call = '', path = ''] = found
      const what = path.endsWith('.undo-1')
        ? 'undo'
        : path.endsWith('image.qcow2')
          ? 'image'
          : path === where
            ? 'folder'
            : ''
      return what === '' ? [] : [`${call} ${what}`]
    })
    const first = steps.findIndex((step) => /^(pwrite64|ftruncate) image$/.test(step))
    expect(steps.slice(0, first)).toEqual([
      'pwrite64 undo',
      'fsync undo',
      'fsync folder',
      'pwrite64 undo',
      'fsync undo',
    ])
    expect(steps.slice(-3)).toEqual(['fsync image', 'pwrite64 undo', 'fsync undo'])
    expect(steps.slice(first).some((step) => step === 'fdatasync image')).toBe(true)
  })
})
