import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { recoverInPlace, removeLeftovers } from '../../../src/files/index.ts'
import { names, open, runOnSmallDisk, scratch, script } from '../support.ts'

const tool = 'test-tool'
const LENGTH = 300_000

/** Starts a script that says "go" when it begins to write, and kills it a random time after. */
async function kill(code: string, args: readonly string[], afterMs: number): Promise<void> {
  const child = spawn(process.execPath, ['-e', script(code), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await once(child, 'close')
}

/** The content of generation `n`, a byte repeated: any mixture shows. */
function isWhole(content: Buffer): boolean {
  return content.length === LENGTH && content.every((byte) => byte === content[0])
}

describe('SIGKILL at any point', () => {
  it('of a replacement leaves the file as before or after, and what remains is cleaned', async () => {
    const folder = scratch()
    const file = path.join(folder, 'x')
    fs.writeFileSync(file, Buffer.alloc(LENGTH, 1))
    const code = `
      const folder = files.resolveFolder(argv[0])
      console.log('go')
      for (let n = 2; ; n++) {
        const { fd, stats } = folder.openFile('x')
        const replacement = files.beginReplacement(folder, 'x', { tool: '${tool}', like: stats })
        for (let at = 0; at < ${LENGTH}; at += 10000) replacement.write(Buffer.alloc(10000, n))
        replacement.commit(n % 3 ? 'none' : 'each')
        fs.closeSync(fd)
      }`
    const generations = new Set<number | undefined>()
    for (let round = 0; round < 30 || (generations.size <= 3 && round < 200); round++) {
      await kill(code, [folder], 1 + (round % 20))
      const content = fs.readFileSync(file)
      expect(isWhole(content)).toBe(true)
      generations.add(content[0])
      const handle = open(folder)
      removeLeftovers(handle, { tool, target: 'x' })
      handle.close()
      expect(names(folder)).toEqual(['x'])
    }
    // The kills fell among the replacements, not before all of them.
    expect(generations.size).toBeGreaterThan(3)
  })

  it('of a change in place: the next run finds or makes it before or after', async () => {
    const folder = scratch()
    const file = path.join(folder, 'x')
    fs.writeFileSync(file, Buffer.alloc(LENGTH, 1))
    const code = `
      const folder = files.resolveFolder(argv[0])
      const { fd } = folder.openFile('x', 'update')
      console.log('go')
      for (let n = fs.readFileSync(argv[0] + '/x')[0] + 1; ; n++) {
        // Gone through once for the journal and once to write; the second time slowly, to be hit by the kills.
        let pass = 0
        const writes = { *[Symbol.iterator]() {
          const slow = ++pass === 2 ? 0.1 : 0
          for (let at = 0; at < ${LENGTH}; at += 1000) {
            for (const end = performance.now() + slow; performance.now() < end; );
            yield { offset: at, bytes: Buffer.alloc(1000, n) }
          }
        } }
        files.changeInPlace(folder, 'x', fd, writes, { tool: '${tool}', identity: [] })
      }`
    const met = new Map<string, number>()
    for (let round = 0; round < 30 || (!met.has('rolled-back') && round < 200); round++) {
      await kill(code, [folder], 1 + ((round * 7) % 60))
      const { fd } = open(folder).openFile('x', 'update')
      const recovery = recoverInPlace(open(folder), 'x', fd, tool)
      met.set(recovery, (met.get(recovery) ?? 0) + 1)
      fs.closeSync(fd)
      expect(isWhole(fs.readFileSync(file))).toBe(true)
      expect(names(folder)).toEqual(['x'])
    }
    // Kills fell before, between and after the writes: without the journal the ones between were lost files.
    expect(met.get('rolled-back')).toBeGreaterThan(0)
  })
})

it('a full disk while the journal is written: the target is untouched and no journal is left', () => {
  const disk = scratch()
  const code = `
    fs.writeFileSync(argv[0] + '/x', Buffer.alloc(700 << 10, 1))
    const folder = files.resolveFolder(argv[0])
    const { fd } = folder.openFile('x', 'update')
    try {
      files.changeInPlace(folder, 'x', fd, [{ offset: 0, bytes: Buffer.alloc(700 << 10, 2) }], { tool: 't' })
    } catch (error) {
      console.log(error.name, error.code, String(error.path))
    }
    console.log(fs.readdirSync(argv[0]).join(), new Set(fs.readFileSync(argv[0] + '/x')).size)`
  const { stdout } = runOnSmallDisk(disk, '1m', code, [disk])
  expect(stdout).toBe(`FileError no-space ${disk}/x.t-undo\nx 1\n`)
})
