import { once } from 'node:events'
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeJson, startRrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { filesBelow, putTree, scratch } from '../support/tree.ts'

const FILES = 300

const paths = Array.from({ length: FILES }, (_, index) => `d${index % 5}/${index}.rrd`)

function makeTree(): string {
  const folder = scratch()
  putTree(join(folder, 'old'), Object.fromEntries(paths.map((path) => [path, wholeFile()])))
  putTree(join(folder, 'new'), Object.fromEntries(paths.map((path, index) => [path, holed(index)])))
  return folder
}

const isMerged = (folder: string, path: string): boolean =>
  readFileSync(join(folder, 'new', path)).equals(wholeFile())

interface Stopped {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** Sends signals once the first file is merged. */
async function stopped(
  folder: string,
  args: readonly string[],
  signals: readonly NodeJS.Signals[],
): Promise<Stopped> {
  const child = startRrdMerge([...args, 'old', 'new'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (data) => (text.stdout += String(data)))
  child.stderr?.on('data', (data) => (text.stderr += String(data)))
  const closed = once(child, 'close')
  const begun = (): boolean => paths.slice(0, 40).some((path) => isMerged(folder, path))
  while (child.exitCode === null && !begun()) await new Promise((resolve) => setTimeout(resolve, 1))
  for (const signal of signals) child.kill(signal)
  const [code, signal] = (await closed) as [number | null, string | null]
  return { code, signal, ...text }
}

describe('a stop by signal', () => {
  it.each([
    ['SIGINT', ['--jobs', '1', '--json']],
    ['SIGTERM', ['--jobs', '2', '--json']],
    ['SIGHUP', ['--jobs', '2', '--json', '--durability', 'batch']],
    ['SIGINT', ['--jobs', '1', '--json', '--in-place']],
  ] as const)(
    '%s with %j: at a safe point, told, nothing left, and the next run completes',
    async (signal, args) => {
      const folder = makeTree()
      const end = await stopped(folder, args, [signal])
      expect([end.code, end.signal]).toEqual([null, signal])
      expect(end.stderr).toContain(`stopped by ${signal}`)
      const { files, totals, error } = JSON.parse(end.stdout) as ReturnType<typeof mergeJson>
      expect(error?.code).toBe('ABORTED')
      // What is told is what was done, file by file.
      const told = files.filter(({ status }) => status === 'merged').map(({ path }) => path)
      expect(told).toEqual([...paths].sort().filter((path) => isMerged(folder, path)))
      expect(told.length).toBeGreaterThan(0)
      expect(told.length).toBeLessThan(FILES)
      expect(totals.merged).toBe(told.length)
      for (const [index, path] of paths.entries()) {
        const now = readFileSync(join(folder, 'new', path))
        expect(now.equals(wholeFile()) || now.equals(holed(index)), path).toBe(true)
      }
      expect(filesBelow(join(folder, 'new'))).toEqual([...paths].sort())
      expect(mergeJson(['old', 'new'], { cwd: folder }).totals).toMatchObject({
        merged: FILES - told.length,
        unchanged: told.length,
      })
    },
  )

  it('a second one ends it at once, and the next run clears up', async () => {
    const folder = makeTree()
    const end = await stopped(folder, [], ['SIGTERM', 'SIGTERM', 'SIGTERM'])
    expect([end.code, end.signal]).toEqual([null, 'SIGTERM'])
    expect(mergeJson(['old', 'new'], { cwd: folder }).status).toBe(0)
    expect(filesBelow(join(folder, 'new'))).toEqual([...paths].sort())
  })
})

it('files and folders that go while a tree is merged are failures of their own', async () => {
  const folder = makeTree()
  const child = startRrdMerge(['--jobs', '1', '--json', 'old', 'new'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  child.stdout?.on('data', (data) => (stdout += String(data)))
  const closed = once(child, 'close')
  while (!paths.slice(0, 40).some((path) => isMerged(folder, path)))
    await new Promise((resolve) => setTimeout(resolve, 1))
  rmSync(join(folder, 'new/d4'), { recursive: true })
  renameSync(join(folder, 'old/d3'), join(folder, 'gone'))
  mkdirSync(join(folder, 'old/d3'))
  const [code] = (await closed) as [number]
  const { files, totals } = JSON.parse(stdout) as ReturnType<typeof mergeJson>
  expect(files).toHaveLength(FILES)
  expect([code, totals.failed]).toEqual([expect.any(Number), expect.any(Number)])
  expect(totals.failed).toBeGreaterThan(0)
  expect(code).toBeGreaterThan(0)
  for (const { path, status } of files) {
    if (status === 'merged' && !path.startsWith('d4/')) expect(isMerged(folder, path), path).toBe(true)
  }
})
