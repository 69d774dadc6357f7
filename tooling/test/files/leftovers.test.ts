import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  beginReplacement,
  parseTemporaryName,
  removeLeftovers,
  temporaryName,
} from '../../src/files/index.ts'
import { names, open, runAs, STRANGER, scratch, script } from './support.ts'

const tool = 'test-tool'

/** Starts a replacement in another process and kills that, so that its temporary file stays behind. */
async function leaveBehind(folder: string, name: string): Promise<string> {
  const code = `
    const replacement = files.beginReplacement(files.resolveFolder(argv[0]), argv[1], { tool: '${tool}' })
    replacement.write(Buffer.from('half'))
    console.log(replacement.temporary)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', script(code), folder, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
  return String(line).trimEnd()
}

describe('the temporary name', () => {
  for (const name of [
    'a.rrd',
    '.hidden',
    'x'.repeat(255),
    Buffer.from([0xff]),
    '\u20ac'.repeat(85),
    'a-1-2-3.tmp',
  ]) {
    it(`of ${name.toString().slice(0, 12)} is recognised, and is no longer than a name may be`, () => {
      const temporary = temporaryName(name, tool)
      const parsed = parseTemporaryName(temporary, tool)
      const bytes = Buffer.from(name)
      expect(Buffer.from(temporary).length).toBeLessThanOrEqual(255)
      expect(parsed?.maker.pid).toBe(process.pid)
      expect(parsed?.target).toEqual(bytes.subarray(0, parsed?.target.length))
      expect(parsed?.cut).toBe(bytes.length > 190)
      expect(temporaryName(name, tool)).not.toEqual(temporary)
    })
  }

  it('of another tool, or one made by hand, is not', () => {
    expect(parseTemporaryName(temporaryName('x', 'other'), tool)).toBeUndefined()
    expect(parseTemporaryName(temporaryName('x', `${tool}-2`), tool)).toBeUndefined()
    expect(parseTemporaryName('.x.test-tool-1-2-3-4.tmp', tool)).toBeUndefined()
    expect(parseTemporaryName('x.tmp', tool)).toBeUndefined()
  })
})

describe('what a killed run left', () => {
  it('is removed for its target only, or for the folder', async () => {
    const folder = scratch()
    const first = await leaveBehind(folder, 'a.rrd')
    const second = await leaveBehind(folder, 'b.rrd')
    const long = await leaveBehind(folder, 'c'.repeat(250))
    expect(names(folder)).toEqual([first, second, long].sort())
    const handle = open(folder)
    expect(removeLeftovers(handle, { tool, target: 'a.rrd' }).map((gone) => gone.path)).toEqual([
      handle.pathOf(first),
    ])
    expect(removeLeftovers(handle, { tool, target: 'c'.repeat(251) })).toHaveLength(1)
    expect(removeLeftovers(handle, { tool: 'other' })).toEqual([])
    expect(removeLeftovers(handle, { tool }).map((gone) => gone.path)).toEqual([handle.pathOf(second)])
    expect(names(folder)).toEqual([])
  })

  it('stays while its maker runs', () => {
    const folder = scratch()
    const handle = open(folder)
    const replacement = beginReplacement(handle, 'x', { tool })
    expect(removeLeftovers(handle, { tool })).toEqual([])
    replacement.commit()
    expect(names(folder)).toEqual(['x'])
  })

  it('is recognised although its process id is in use again', async () => {
    const folder = scratch()
    const name = await leaveBehind(folder, 'x')
    // The same name with the id of a process that runs, which started at another time.
    const reused = name.replace(/test-tool-\d+-/, `test-tool-${process.pid}-`)
    fs.renameSync(path.join(folder, name), path.join(folder, reused))
    expect(removeLeftovers(open(folder), { tool })).toHaveLength(1)
  })

  it('of another host or container goes once nobody has touched it for a day', async () => {
    const folder = scratch()
    const name = await leaveBehind(folder, 'x')
    const foreign = name.replace(/-[0-9a-z]{6}-([0-9a-f]{16})\.tmp$/, '-zzzzzz-$1.tmp')
    fs.renameSync(path.join(folder, name), path.join(folder, foreign))
    expect(removeLeftovers(open(folder), { tool })).toEqual([])
    expect(names(folder)).toEqual([foreign])
  })

  it('between the link to its new name and the end of its temporary one goes, the file stays', async () => {
    const folder = scratch()
    const name = await leaveBehind(folder, 'x')
    fs.linkSync(path.join(folder, name), path.join(folder, 'x'))
    expect(removeLeftovers(open(folder), { tool })).toHaveLength(1)
    expect(fs.readFileSync(path.join(folder, 'x'), 'utf8')).toBe('half')
    expect(names(folder)).toEqual(['x'])
  })

  const planted: [string, (folder: string, name: string) => void][] = [
    ['is a link', (folder, name) => fs.symlinkSync('victim', path.join(folder, name))],
    ['is a folder', (folder, name) => fs.mkdirSync(path.join(folder, name))],
    [
      'has a second link',
      (folder, name) => fs.linkSync(path.join(folder, 'victim'), path.join(folder, name)),
    ],
    [
      'belongs to somebody else',
      (folder, name) => {
        fs.writeFileSync(path.join(folder, name), 'planted')
        fs.chownSync(path.join(folder, name), STRANGER, STRANGER)
      },
    ],
  ]
  for (const [what, plant] of planted) {
    it(`stays if it ${what}: then it is not ours`, async () => {
      const folder = scratch()
      fs.writeFileSync(path.join(folder, 'victim'), 'precious')
      fs.writeFileSync(path.join(folder, 'x'), 'target')
      const name = await leaveBehind(folder, 'x')
      fs.unlinkSync(path.join(folder, name))
      plant(folder, name)
      expect(removeLeftovers(open(folder), { tool })).toEqual([])
      expect(names(folder)).toEqual([name, 'victim', 'x'].sort())
      expect(fs.readFileSync(path.join(folder, 'victim'), 'utf8')).toBe('precious')
    })
  }

  it('and was given to the owner of its target already is removed by root, not by strangers', async () => {
    const folder = scratch()
    fs.writeFileSync(path.join(folder, 'x'), 'target')
    fs.chownSync(path.join(folder, 'x'), STRANGER, STRANGER)
    const name = await leaveBehind(folder, 'x')
    fs.chownSync(path.join(folder, name), STRANGER, STRANGER)
    fs.chmodSync(folder, 0o777)
    const code = `console.log(files.removeLeftovers(files.resolveFolder(argv[0]), { tool: '${tool}' }).length)`
    expect(runAs(STRANGER - 1, code, [folder]).stdout).toBe('0\n')
    expect(removeLeftovers(open(folder), { tool })).toHaveLength(1)
    expect(names(folder)).toEqual(['x'])
  })
})
