import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FileOptions, mergeFile } from '../../src/index.ts'
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
    ['is not there', undefined, 'EUSAGE', /--rrdtool/],
    ['is no rrdtool', '#!/bin/sh\necho hello\n', 'EREAD', /--rrdtool/],
    ['refuses the file', '#!/bin/sh\necho "ERROR: no such luck with $2" >&2\nexit 1\n', 'ENOTRRD', undefined],
  ])('names the file, nothing written, where the program %s', async (_, script, code, remedy) => {
    const folder = putTree(scratch(), OLD_AND_NEW)
    const program = join(folder, 'program')
    if (script !== undefined) {
      writeFileSync(program, script)
      chmodSync(program, 0o755)
    }
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

/** A zombie has been ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
