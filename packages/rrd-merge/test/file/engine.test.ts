import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FileOptions, mergeFile } from '../../src/index.ts'
import { rrdMerge } from '../support/cli.ts'
import { HOLES, holed, rrdtool, wholeFile } from '../support/sample-pair.ts'
import { listing, putTree, scratch } from '../support/tree.ts'

const OLD_AND_NEW = { 'old.rrd': wholeFile(), 'new.rrd': holed() }

const merge = (folder: string, options: FileOptions = {}) =>
  mergeFile(join(folder, 'old.rrd'), join(folder, 'new.rrd'), { engine: 'rrdtool', ...options })

describe('engine rrdtool', () => {
  it('fills as the native one does, and finds nothing to do the second time', async () => {
    const folder = putTree(scratch(), OLD_AND_NEW)
    expect(await merge(folder)).toMatchObject({ status: 'merged', filled: HOLES, stillUnknown: 0 })
    expect(rrdtool('dump', join(folder, 'new.rrd'))).toBe(rrdtool('dump', join(folder, 'old.rrd')))
    expect(readFileSync(join(folder, 'old.rrd'))).toEqual(wholeFile())
    const before = listing(folder)
    expect(await merge(folder)).toMatchObject({ status: 'unchanged', filled: 0 })
    expect(listing(folder)).toEqual(before)
  })

  it.each([
    ['is no rrdtool', '#!/bin/sh\necho hello\n', 'EREAD', /--rrdtool/],
    ['refuses the file', '#!/bin/sh\necho "ERROR: no such luck with $2" >&2\nexit 1\n', 'ENOTRRD', undefined],
  ])('names the file, nothing written, where the program %s', async (_, script, code, remedy) => {
    const folder = putTree(scratch(), OLD_AND_NEW)
    const program = join(folder, 'program')
    writeFileSync(program, script)
    chmodSync(program, 0o755)
    const before = listing(folder)
    const error = await merge(folder, { rrdtool: program }).catch((reason) => reason)
    expect(error).toMatchObject({ name: 'RrdError', code })
    expect(error.message).toMatch(/new\.rrd/)
    expect(error.message).not.toMatch(/\/proc\//)
    if (remedy) expect(error.remedy).toMatch(remedy)
    expect(listing(folder)).toEqual(before)
  })

  it.each([
    ['engine', { engine: 'rrdtool' }],
    ['verify', { engine: 'native', verify: true }],
  ] as const)('%s: a signal ends rrdtool, nothing written', async (_, options) => {
    const folder = putTree(scratch(), OLD_AND_NEW)
    const program = join(folder, 'program')
    const pid = join(folder, 'pid')
    writeFileSync(program, `#!/bin/sh\necho $$ >"${pid}.part" && mv "${pid}.part" "${pid}"\nexec sleep 300\n`)
    chmodSync(program, 0o755)
    const before = readFileSync(join(folder, 'new.rrd'))
    const stop = new AbortController()
    const watching = setInterval(() => existsSync(pid) && stop.abort(new Error('enough')), 10)
    try {
      await expect(merge(folder, { ...options, rrdtool: program, signal: stop.signal })).rejects.toThrow(
        'enough',
      )
    } finally {
      clearInterval(watching)
    }
    const sleeper = Number(readFileSync(pid, 'utf8'))
    await expect.poll(() => isRunning(sleeper)).toBe(false)
    expect(readFileSync(join(folder, 'new.rrd'))).toEqual(before)
    expect(readdirSync(folder).sort()).toEqual(['new.rrd', 'old.rrd', 'pid', 'program'])
  })
})

describe('an rrdtool that is not there', () => {
  const tree = () =>
    putTree(scratch(), { 'old/a.rrd': wholeFile(), 'new/a.rrd': holed(), 'new/b.rrd': holed() })

  it.each([
    '--engine rrdtool --rrdtool no-such-rrdtool',
    '--verify --rrdtool no-such-rrdtool',
    '-n --engine rrdtool --rrdtool no-such-rrdtool',
  ])('%s ends the run before any file is touched', (line) => {
    const folder = tree()
    const before = listing(folder)
    for (const operands of [
      ['old', 'new'],
      ['old/a.rrd', 'new/a.rrd'],
    ]) {
      const ran = rrdMerge([...line.split(' '), ...operands], { cwd: folder })
      expect(ran.status, ran.stderr).toBe(2)
      expect(ran.stderr.match(/error:/g)).toHaveLength(1)
      expect(ran.stderr).toContain('there is no program "no-such-rrdtool"')
      expect(listing(folder)).toEqual(before)
    }
  })

  it.each([[['old', 'new']], [['old/a.rrd', 'new/a.rrd']]])(
    'is said once where --verify goes on without: %j',
    (operands) => {
      const folder = tree()
      const ran = rrdMerge(['--verify', ...operands], { cwd: folder, env: { PATH: '/nonexistent' } })
      expect(ran.status, ran.stderr).toBe(0)
      expect(ran.stderr.match(/rrdtool-missing/g)).toHaveLength(1)
      expect(readFileSync(join(folder, 'new/a.rrd'))).toEqual(wholeFile())
    },
  )
})

/** A zombie has been ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
