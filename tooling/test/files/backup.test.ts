import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeBackup } from '../../src/files/index.ts'
import { names, open, runAs, runOnSmallDisk, STRANGER, scratch, thrownBy } from './support.ts'

function backUp(folder: string, name: string | Buffer, suffix = '.bak'): string | Buffer {
  const handle = open(folder)
  const { fd } = handle.openFile(name)
  const backup = makeBackup(handle, name, fd, { tool: 't', suffix })
  fs.closeSync(fd)
  handle.close()
  return backup
}

describe('a backup', () => {
  for (const mode of [0o640, 0o4755, 0o000, 0o400]) {
    it(`has content, owner, mode ${mode.toString(8)} and times of the original`, () => {
      const folder = scratch()
      const file = path.join(folder, 'x')
      const content = Buffer.alloc(3_000_000, 'content ')
      fs.writeFileSync(file, content)
      fs.chownSync(file, STRANGER, 12)
      fs.chmodSync(file, mode)
      fs.utimesSync(file, 1e9, 1.1e9 + 0.25)
      expect(backUp(folder, 'x')).toBe('x.bak')
      const stats = fs.statSync(`${file}.bak`)
      expect([stats.uid, stats.gid, stats.mode & 0o7777, stats.mtimeMs]).toEqual([
        STRANGER,
        12,
        mode,
        1.1e12 + 250,
      ])
      expect(fs.readFileSync(`${file}.bak`).equals(content)).toBe(true)
      expect(names(folder)).toEqual(['x', 'x.bak'])
    })
  }

  it('never overwrites an earlier one, which holds the original', () => {
    const folder = scratch()
    for (const content of ['one', 'two', 'three']) {
      fs.writeFileSync(path.join(folder, 'x'), content)
      backUp(folder, 'x', '~')
    }
    fs.symlinkSync('victim', path.join(folder, 'x~.4'))
    backUp(folder, 'x', '~')
    expect(names(folder)).toEqual(['x', 'x~', 'x~.2', 'x~.3', 'x~.4', 'x~.5'])
    const kept = ['x~', 'x~.2', 'x~.3', 'x~.5'].map((name) =>
      fs.readFileSync(path.join(folder, name), 'utf8'),
    )
    expect(kept).toEqual(['one', 'two', 'three', 'three'])
  })

  it('works for one who may read the file by an open descriptor only', () => {
    const folder = scratch()
    fs.chownSync(folder, STRANGER, STRANGER)
    const code = `
      fs.writeFileSync(argv[0] + '/x', 'content')
      const folder = files.resolveFolder(argv[0])
      const { fd } = folder.openFile('x')
      fs.chmodSync(argv[0] + '/x', 0)
      console.log(files.makeBackup(folder, 'x', fd, { tool: 't', suffix: '.bak' }))`
    expect(runAs(STRANGER, code, [folder])).toMatchObject({ stdout: 'x.bak\n', stderr: '' })
    expect(fs.readFileSync(path.join(folder, 'x.bak'), 'utf8')).toBe('content')
    expect(fs.statSync(path.join(folder, 'x.bak')).mode & 0o777).toBe(0)
  })

  it('of a name that is no UTF-8 has its bytes', () => {
    const folder = scratch()
    fs.writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]), 'x')
    expect(backUp(folder, Buffer.from([0xff]))).toEqual(Buffer.from('\xff.bak', 'latin1'))
  })

  it('whose name would be too long, or leave the folder, is refused', () => {
    const folder = scratch()
    const long = 'n'.repeat(253)
    fs.writeFileSync(path.join(folder, long), 'x')
    fs.writeFileSync(path.join(folder, 'x'), 'x')
    expect(thrownBy(() => backUp(folder, long))).toMatchObject({ code: 'name-too-long' })
    for (const suffix of ['/../../etc/x', '', '\0'])
      expect(() => backUp(folder, 'x', suffix)).toThrow('no suffix')
    expect(names(folder)).toEqual([long, 'x'])
  })

  it('that does not fit on the disk leaves nothing', () => {
    const disk = scratch()
    const code = `
      fs.writeFileSync(argv[0] + '/x', Buffer.alloc(700 << 10, 1))
      const folder = files.resolveFolder(argv[0])
      const { fd } = folder.openFile('x')
      try { files.makeBackup(folder, 'x', fd, { tool: 't', suffix: '.bak' }) } catch (error) { console.log(error.code) }
      console.log(fs.readdirSync(argv[0]).join())`
    expect(runOnSmallDisk(disk, '1m', code, [disk]).stdout).toBe('no-space\nx\n')
  })
})
