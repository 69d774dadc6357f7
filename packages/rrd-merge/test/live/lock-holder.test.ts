import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockTable } from '@nightshift/tooling/files'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LockHolder } from '../../src/live/index.ts'
import { createRrd, lockFile, SHAPE, START, STEP, temporaryFolder } from './rrd-files.ts'

const opened = (file: string): number => {
  const fd = openSync(file, 'r')
  onTestFinished(() => closeSync(fd))
  return fd
}

const tryUpdate = (file: string, n: number): string => {
  const { stdout, stderr } = spawnSync('rrdtool', ['update', file, `${START + n * STEP}:${n}`], {
    encoding: 'utf8',
  })
  return `${stdout}${stderr}`.trim()
}

const isFree = (file: string): boolean => {
  const fd = opened(file)
  return lockTable().state(lockTable().target(fd, file)).state === 'free'
}

const eventually = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((later) => setTimeout(later, 5))
}

describe('while it is held, updates are refused; after it they are not', () => {
  test.each([
    ['a dump far larger than any pipe', ['DS:a:GAUGE:120:U:U', 'RRA:AVERAGE:0.5:1:20000']],
    ['a dump of some KB', SHAPE],
    ['one cell', ['DS:a:GAUGE:120:U:U', 'RRA:AVERAGE:0.5:1:1']],
  ])('%s', async (_, shape) => {
    const file = createRrd(join(temporaryFolder(), ' -n «new»$(x).rrd'), shape)
    const holder = await LockHolder.take(opened(file), file)
    expect(tryUpdate(file, 1)).toMatch(/could not lock RRD/)
    await holder.release()
    expect(tryUpdate(file, 1)).toBe('')
    expect(isFree(file)).toBe(true)
  })
})

test('an updater that has the lock just now is waited for', async () => {
  const file = createRrd(join(temporaryFolder(), 'a.rrd'))
  const locker = await lockFile(file, 'posix', 'write')
  const taking = LockHolder.take(opened(file), file)
  await new Promise((later) => setTimeout(later, 50))
  await locker.release()
  const holder = await taking
  expect(tryUpdate(file, 1)).toMatch(/could not lock RRD/)
  await holder.release()
})

test('when its process is killed, the lock goes with it', async () => {
  const file = createRrd(join(temporaryFolder(), 'a.rrd'))
  const script = `
    import { openSync } from 'node:fs'
    import { LockHolder } from '${new URL('../../src/live/index.ts', import.meta.url).href}'
    await LockHolder.take(openSync(process.argv[2], 'r'), process.argv[2])
    console.log('held')
    setInterval(() => {}, 1000)`
  const program = join(temporaryFolder(), 'hold.mts')
  writeFileSync(program, script)
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((done) => child.once('close', done))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await new Promise<void>((held, failed) => {
    child.stdout.once('data', () => held())
    child.once('close', () => failed(new Error('it ended')))
  })
  expect(tryUpdate(file, 1)).toMatch(/could not lock RRD/)
  child.kill('SIGKILL')
  await eventually(() => isFree(file))
  expect(tryUpdate(file, 1)).toBe('')
})

describe('what cannot hold is said', () => {
  const program = (text: string): string => {
    const file = join(temporaryFolder(), 'rrdtool')
    writeFileSync(file, text)
    chmodSync(file, 0o755)
    return file
  }
  test.each([
    ['no such program', () => '/nonexistent/rrdtool', /nonexistent/],
    ['one that locks nothing', () => program('#!/bin/sh\necho x; exit 0\n'), /did not keep a lock/],
    ['one that fails', () => program('#!/bin/sh\necho ERROR: cannot do >&2; exit 1\n'), /cannot do$/],
  ])('%s', async (_, rrdtool, reason) => {
    const file = createRrd(join(temporaryFolder(), 'a.rrd'))
    const taking = LockHolder.take(opened(file), file, { rrdtool: rrdtool() })
    await expect(taking).rejects.toMatchObject({
      name: 'LiveError',
      code: 'lock',
      message: expect.stringMatching(reason),
    })
    expect(isFree(file)).toBe(true)
  })

  test('a lock on another file of that name does not count', async () => {
    const folder = temporaryFolder()
    const file = createRrd(join(folder, 'a.rrd'))
    const other = createRrd(join(folder, 'b.rrd'))
    await expect(LockHolder.take(opened(other), file)).rejects.toMatchObject({ code: 'lock' })
    expect(isFree(file)).toBe(true)
  })
})
