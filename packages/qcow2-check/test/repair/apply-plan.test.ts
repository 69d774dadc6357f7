import { execFileSync } from 'node:child_process'
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
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyPlan, undo } from '../../src/repair/index.ts'
import type { WritableSource } from '../../src/source/index.ts'
import { edited, folder, hashOf, image, manyEdits, planOf } from './sample.ts'

const one = { offset: 60, after: Buffer.alloc(12, 0xd5), phase: 'header' } as const

describe('a plan', () => {
  it('is written whole, and its undo file lies beside the image', async () => {
    const file = image()
    const before = hashOf(file)
    const edits = manyEdits(file)
    const wanted = edited(file, edits)
    const applied = await applyPlan(file, await planOf(file, edits))
    expect(readFileSync(file).equals(wanted)).toBe(true)
    expect(applied).toMatchObject({ undoFile: `${file}.undo-1`, size: wanted.length })
    expect(await undo(file, `${file}.undo-1`)).toMatchObject({ outcome: 'restored', interrupted: false })
    expect(hashOf(file)).toBe(before)
  })

  it('is written phase by phase, with a flush after each', async () => {
    const file = image()
    const steps: string[] = []
    const through = (source: WritableSource): WritableSource => ({
      name: source.name,
      get size() {
        return source.size
      },
      read: (target, offset) => source.read(target, offset),
      write: (bytes, offset) => {
        steps.push(`${bytes[0]?.toString(16)}`)
        return source.write(bytes, offset)
      },
      truncate: (size) => source.truncate(size),
      flush: () => {
        steps.push('flush')
        return source.flush()
      },
    })
    await applyPlan(file, await planOf(file, manyEdits(file)), { through })
    // The link that lies in an appended cluster cuts that in two, as what is lowered last cuts what is raised.
    expect(steps.join(' ')).toBe('a1 a1 flush b2 flush c3 c4 f7 flush d5 flush e6 flush flush')
  })

  it('that changes nothing leaves no undo file', async () => {
    const file = image()
    const { mtimeMs } = statSync(file)
    const same = readFileSync(file).subarray(0, 100)
    const applied = await applyPlan(file, await planOf(file, [{ offset: 0, after: same, phase: 'header' }]))
    expect(applied).toEqual({ bytesWritten: 0, size: statSync(file).size })
    expect(readdirSync(dirname(file))).toEqual([basename(file)])
    expect(statSync(file).mtimeMs).toBe(mtimeMs)
  })

  it('made for other bytes is stale, and nothing is written', async () => {
    const file = image()
    const plan = await planOf(file, manyEdits(file))
    execFileSync('dd', [
      'if=/dev/zero',
      `of=${file}`,
      'bs=1',
      'seek=196620',
      'count=2',
      'conv=notrunc',
      'status=none',
    ])
    execFileSync('sh', ['-c', 'printf x | dd of="$1" bs=1 seek=196620 conv=notrunc status=none', 'sh', file])
    const before = hashOf(file)
    await expect(applyPlan(file, plan)).rejects.toMatchObject({ code: 'stale' })
    expect(hashOf(file)).toBe(before)
    expect(readdirSync(dirname(file))).toEqual([basename(file)])
  })

  it('made for an image of another length is stale', async () => {
    const file = image()
    const plan = await planOf(file, [one])
    execFileSync('truncate', ['-s', '+512', file])
    await expect(applyPlan(file, plan)).rejects.toMatchObject({ code: 'stale' })
  })

  it('may shorten the image', async () => {
    const file = image()
    const before = hashOf(file)
    const plan = await planOf(file, [one], statSync(file).size - 70_000)
    const wanted = edited(file, [one], plan.finalSize)
    const { undoFile = '' } = await applyPlan(file, plan)
    expect(readFileSync(file).equals(wanted)).toBe(true)
    await undo(file, undoFile)
    expect(hashOf(file)).toBe(before)
  })

  it('is dropped where the signal comes, and the image is as before', async () => {
    const file = image()
    const before = hashOf(file)
    for (let stop = 1; stop < 16; stop++) {
      const controller = new AbortController()
      let calls = 0
      const through = (source: WritableSource): WritableSource =>
        new Proxy(source, {
          get: (of, name) => {
            const member = Reflect.get(of, name)
            if (typeof member !== 'function') return member
            if (++calls === stop) controller.abort(new Error('stopped'))
            return member.bind(of)
          },
        })
      const run = applyPlan(file, await planOf(file, manyEdits(file)), { signal: controller.signal, through })
      const failed = await run.then(
        () => undefined,
        (error: Error) => error.message,
      )
      if (failed === undefined) break
      expect(failed).toBe('stopped')
      expect(hashOf(file)).toBe(before)
      expect(readdirSync(dirname(file))).toEqual([basename(file)])
    }
  })
})

describe('an undo file', () => {
  it('takes the lowest free number, and no more of the mode than the image has', async () => {
    const file = image()
    chmodSync(file, 0o644)
    writeFileSync(`${file}.undo-1`, 'mine')
    writeFileSync(`${file}.undo-3`, 'mine')
    const { undoFile } = await applyPlan(file, await planOf(file, [one]))
    expect(undoFile).toBe(`${file}.undo-2`)
    expect(statSync(`${file}.undo-2`).mode & 0o7777).toBe(0o600)
    expect(readFileSync(`${file}.undo-1`, 'utf8')).toBe('mine')
  })

  it.each([0o600, 0o640, 0o400, 0o4666])('of an image of mode %o gets at most that & 600', async (mode) => {
    const file = image()
    chmodSync(file, mode)
    const { undoFile = '' } = await applyPlan(file, await planOf(file, [one]))
    expect(statSync(undoFile).mode & 0o7777).toBe(mode & 0o600)
  })

  it('is never written over anything: a file, the image, a link', async () => {
    const file = image()
    const where = dirname(file)
    const before = hashOf(file)
    writeFileSync(join(where, 'victim'), 'victim')
    symlinkSync('victim', join(where, 'link'))
    symlinkSync('nowhere', join(where, 'dangling'))
    linkSync(file, join(where, 'hardlink'))
    for (const name of ['victim', 'link', 'dangling', 'hardlink', basename(file)]) {
      const named = applyPlan(file, await planOf(file, [one]), { undo: join(where, name) })
      await expect(named).rejects.toMatchObject({ code: 'exists' })
    }
    expect(readFileSync(join(where, 'victim'), 'utf8')).toBe('victim')
    expect(existsSync(join(where, 'nowhere'))).toBe(false)
    expect(hashOf(file)).toBe(before)
  })

  it('may lie elsewhere, and never names its target', async () => {
    const file = image()
    const elsewhere = join(folder(), 'kept')
    const { undoFile } = await applyPlan(file, await planOf(file, manyEdits(file)), { undo: elsewhere })
    expect(undoFile).toBe(elsewhere)
    expect(readFileSync(elsewhere, 'latin1')).not.toContain('disk.qcow2')
    expect(readFileSync(elsewhere, 'latin1')).not.toContain(dirname(file))
  })

  it('lies beside the file that a link leads to', async () => {
    const file = image()
    const link = join(folder(), 'link')
    symlinkSync(file, link)
    expect(await applyPlan(link, await planOf(file, [one]))).toMatchObject({ undoFile: `${file}.undo-1` })
  })

  it('of a name as long as names can be', async () => {
    const file = image(folder(), `${'n'.repeat(249)}.qcow2`)
    const before = hashOf(file)
    const { undoFile = '' } = await applyPlan(file, await planOf(file, [one]))
    expect(basename(undoFile)).toBe(`${'n'.repeat(248)}.undo-1`)
    await undo(file, undoFile)
    expect(hashOf(file)).toBe(before)
  })

  it('in a folder that is not there: a clear error, nothing written', async () => {
    const file = image()
    const before = hashOf(file)
    const run = applyPlan(file, await planOf(file, [one]), { undo: '/nonexistent/folder/undo' })
    await expect(run).rejects.toMatchObject({ name: 'Qcow2Error', code: 'not-written' })
    expect(hashOf(file)).toBe(before)
  })
})
