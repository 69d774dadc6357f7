import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { beginReplacement } from '../../src/files/index.ts'
import { names, open, runAs, STRANGER, scratch, thrownBy } from './support.ts'

const tool = 'test-tool'

function replace(folderPath: string, name: string | Buffer, content: string): void {
  const folder = open(folderPath)
  const { fd, stats } = folder.openFile(name)
  const replacement = beginReplacement(folder, name, { tool, like: stats })
  replacement.write(Buffer.from(content))
  replacement.commit('each')
  fs.closeSync(fd)
  folder.close()
}

describe('a replaced file', () => {
  const modes = [0o400, 0o000, 0o640, 0o644, 0o600, 0o4755, 0o2755, 0o6711, 0o1644, 0o777]
  for (const mode of modes) {
    it(`keeps owner and mode ${mode.toString(8)}, and is another inode`, () => {
      const folder = scratch()
      const file = path.join(folder, 'a.rrd')
      fs.writeFileSync(file, 'old')
      fs.chownSync(file, STRANGER, 12)
      fs.chmodSync(file, mode)
      const before = fs.statSync(file)
      replace(folder, 'a.rrd', 'new content')
      const after = fs.statSync(file)
      expect(fs.readFileSync(file, 'utf8')).toBe('new content')
      expect([after.uid, after.gid, after.mode & 0o7777]).toEqual([STRANGER, 12, mode])
      expect(after.ino).not.toBe(before.ino)
      expect(names(folder)).toEqual(['a.rrd'])
    })
  }

  const oddNames: [string, string | Buffer][] = [
    ['a newline', 'two\nlines.rrd'],
    ['a leading dash', '-rf.rrd'],
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x2e])],
    ['255 bytes', 'n'.repeat(251).concat('.rrd')],
    ['255 bytes of three each', '\u20ac'.repeat(85)],
    ['255 invalid bytes', Buffer.alloc(255, 0xe2)],
    ['a name like a number', '3'],
  ]
  for (const [what, name] of oddNames) {
    it(`may have ${what} in its name`, () => {
      const folder = scratch()
      const file = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)])
      fs.writeFileSync(file, 'old')
      replace(folder, name, 'new')
      expect(fs.readFileSync(file, 'utf8')).toBe('new')
      expect(fs.readdirSync(folder, { encoding: 'buffer' })).toEqual([Buffer.from(name)])
    })
  }

  it('is written at positions and in pieces, and its length is what was written', () => {
    const folder = scratch()
    const handle = open(folder)
    const replacement = beginReplacement(handle, 'x', { tool })
    replacement.write(Buffer.from('abc'))
    replacement.write(Buffer.from('def'))
    replacement.write(Buffer.from('Z'), 1)
    replacement.write(Buffer.from('end'), 10)
    replacement.write(Buffer.from('.'))
    replacement.commit('none')
    expect(fs.readFileSync(path.join(folder, 'x'), 'latin1')).toBe('aZcdef\0\0\0\0end.')
  })

  it('is not replaced if fewer bytes are there than were written', () => {
    const folder = scratch()
    fs.writeFileSync(path.join(folder, 'x'), 'old')
    const replacement = beginReplacement(open(folder), 'x', { tool })
    replacement.write(Buffer.from('0123456789'))
    fs.ftruncateSync(replacement.fd, 4)
    expect(thrownBy(() => replacement.commit())).toMatchObject({ code: 'short' })
    expect(fs.readFileSync(path.join(folder, 'x'), 'utf8')).toBe('old')
    expect(names(folder)).toEqual(['x'])
  })

  it('leaves nothing when discarded, and can then not be committed', () => {
    const folder = scratch()
    const replacement = beginReplacement(open(folder), 'x', { tool })
    replacement.write(Buffer.from('x'))
    replacement.discard()
    replacement.discard()
    expect(names(folder)).toEqual([])
    expect(() => replacement.commit()).toThrow('already committed or discarded')
  })
})

it('a file with several names is replaced under this one, and that is told', () => {
  const folder = scratch()
  fs.writeFileSync(path.join(folder, 'x'), 'old')
  fs.linkSync(path.join(folder, 'x'), path.join(folder, 'y'))
  const replacement = beginReplacement(open(folder), 'x', { tool })
  replacement.write(Buffer.from('new'))
  expect(replacement.breaksHardLinks).toBe(true)
  replacement.commit()
  expect(['x', 'y'].map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))).toEqual(['new', 'old'])
  expect(beginReplacement(open(folder), 'y', { tool }).breaksHardLinks).toBe(false)
})

it('a folder that was closed stays open for what is not yet committed in it', () => {
  const root = scratch()
  const handle = open(root)
  const [first, second] = [beginReplacement(handle, 'x', { tool }), beginReplacement(handle, 'y', { tool })]
  handle.close()
  first.commit()
  second.discard()
  expect(names(root)).toEqual(['x'])
  expect(() => fs.fstatSync(handle.fd)).toThrow('EBADF')
})

describe('a new file', () => {
  it('obeys the umask', () => {
    const folder = scratch()
    const umask = process.umask(0o027)
    try {
      beginReplacement(open(folder), 'x', { tool }).commit('none')
      beginReplacement(open(folder), 'y', { tool, mode: 0o600 }).commit('none')
    } finally {
      process.umask(umask)
    }
    expect(fs.statSync(path.join(folder, 'x')).mode & 0o7777).toBe(0o640)
    expect(fs.statSync(path.join(folder, 'y')).mode & 0o7777).toBe(0o600)
  })

  it('never replaces another if it has to be new', () => {
    const folder = scratch()
    const replacement = beginReplacement(open(folder), 'x', { tool, exclusive: true })
    replacement.write(Buffer.from('late'))
    fs.writeFileSync(path.join(folder, 'x'), 'first')
    expect(thrownBy(() => replacement.commit())).toMatchObject({ code: 'exists' })
    expect(fs.readFileSync(path.join(folder, 'x'), 'utf8')).toBe('first')
    expect(names(folder)).toEqual(['x'])
  })

  it('that has to be new has one link only', () => {
    const folder = scratch()
    beginReplacement(open(folder), 'x', { tool, exclusive: true }).commit()
    expect(fs.statSync(path.join(folder, 'x')).nlink).toBe(1)
  })
})

describe('what is no regular file', () => {
  const kinds: [string, (file: string) => void, string][] = [
    ['a folder', (file) => fs.mkdirSync(file), 'not-regular'],
    [
      'a named pipe',
      (file) => void runAs(0, 'require("child_process").execFileSync("mkfifo", argv)', [file]),
      'not-regular',
    ],
    ['a symbolic link', (file) => fs.symlinkSync('elsewhere', file), 'symlink'],
  ]
  for (const [what, make, code] of kinds) {
    it(`is not replaced: ${what}`, () => {
      const folder = scratch()
      make(path.join(folder, 'x'))
      expect(thrownBy(() => beginReplacement(open(folder), 'x', { tool }))).toMatchObject({ code })
      expect(names(folder)).toEqual(['x'])
    })
  }
})
