import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { beginReplacement, resolveFolder, resolvePath } from '../../src/files/index.ts'
import { open, runAs, STRANGER, scratch, thrownBy } from './support.ts'

/** A folder with a file in `real`, and links to it. */
function linked(): string {
  const root = scratch()
  fs.mkdirSync(path.join(root, 'real/sub'), { recursive: true })
  fs.writeFileSync(path.join(root, 'real/x'), 'x')
  fs.symlinkSync('real', path.join(root, 'folder-link'))
  fs.symlinkSync('../folder-link/x', path.join(root, 'real/file-link'))
  fs.symlinkSync(path.join(root, 'real/file-link'), path.join(root, 'absolute-link'))
  fs.symlinkSync('real/later', path.join(root, 'dangling'))
  fs.symlinkSync('loop', path.join(root, 'loop'))
  return root
}

describe('a path of the command line', () => {
  const paths: [given: string, folder: string, name: string, followed: boolean][] = [
    ['real/x', 'real', 'x', false],
    ['folder-link/x', 'real', 'x', true],
    ['real/file-link', 'real', 'x', true],
    ['absolute-link', 'real', 'x', true],
    ['real/../real/./sub/../x', 'real', 'x', false],
    ['//real///x', 'real', 'x', false],
    ['dangling', 'real', 'later', true],
    ['folder-link/sub', 'real', 'sub', true],
    ['none', '.', 'none', false],
  ]
  for (const [given, folder, name, followed] of paths) {
    it(`${given} is ${name} in ${folder}`, () => {
      const root = linked()
      const resolved = resolvePath(`${root}/${given}`)
      expect(fs.fstatSync(resolved.folder.fd).ino).toBe(fs.statSync(path.join(root, folder)).ino)
      expect([resolved.name, resolved.followed]).toEqual([name, followed])
      expect(resolved.stats?.ino).toBe(fs.statSync(path.join(root, given), { throwIfNoEntry: false })?.ino)
      resolved.folder.close()
    })
  }

  for (const given of [
    'real',
    'folder-link',
    'folder-link/',
    'real/.',
    'real/sub/..',
    'folder-link/sub/..',
    'real/',
  ]) {
    it(`${given} as a folder is real`, () => {
      const root = linked()
      const folder = resolveFolder(`${root}/${given}`)
      expect(fs.fstatSync(folder.fd).ino).toBe(fs.statSync(path.join(root, 'real')).ino)
      expect(folder.list().map(({ name, kind }) => [name, kind])).toEqual([
        ['file-link', 'symlink'],
        ['sub', 'folder'],
        ['x', 'file'],
      ])
      folder.close()
    })
  }

  it('/ and . are folders too', () => {
    expect(fs.fstatSync(resolveFolder('/').fd).ino).toBe(fs.statSync('/').ino)
    expect(fs.fstatSync(resolveFolder('.').fd).ino).toBe(fs.statSync('.').ino)
    expect(fs.fstatSync(resolveFolder('..').fd).ino).toBe(fs.statSync('..').ino)
  })

  it('may hold bytes that are no UTF-8, in links too', () => {
    const root = scratch()
    const odd = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x0a, 0xfe])])
    fs.mkdirSync(odd)
    fs.symlinkSync(odd, path.join(root, 'link'))
    const resolved = resolvePath(path.join(root, 'link/x'))
    expect(resolved.folder.path).toEqual(odd)
  })

  const refused: [string, string][] = [
    ['', 'missing'],
    ['none/x', 'missing'],
    ['loop', 'symlink'],
    ['loop/x', 'symlink'],
    ['real/x/y', 'not-a-folder'],
    ['real/x/', 'not-a-folder'],
  ]
  for (const [given, code] of refused) {
    it(`${given || 'nothing'} is refused: ${code}`, () => {
      const root = linked()
      expect(thrownBy(() => resolvePath(given && `${root}/${given}`))).toMatchObject({ code })
    })
  }

  it('that leads to a pipe by a link, as /dev/stdout may, names no file', () => {
    const code = `try { files.resolvePath('/dev/stdout') } catch (error) { console.log(error.code, error.message) }`
    expect(runAs(STRANGER, code, []).stdout).toMatch(/^not-regular .*leads to a (socket|named pipe)/)
  })

  it('passes through folders that may be searched and not read, and writes there', () => {
    const root = scratch()
    fs.mkdirSync(path.join(root, 'closed/own'), { recursive: true })
    fs.writeFileSync(path.join(root, 'closed/own/x'), 'old')
    fs.chownSync(path.join(root, 'closed/own'), STRANGER, STRANGER)
    fs.chmodSync(path.join(root, 'closed/own'), 0o300)
    fs.chmodSync(path.join(root, 'closed'), 0o711)
    const code = `
      const { folder, name } = files.resolvePath(argv[0])
      const replacement = files.beginReplacement(folder, name, { tool: 't', exclusive: true })
      replacement.write(Buffer.from('new'))
      replacement.commit()`
    expect(runAs(STRANGER, code, [path.join(root, 'closed/own/y')])).toMatchObject({ status: 0, stderr: '' })
    expect(fs.readFileSync(path.join(root, 'closed/own/y'), 'utf8')).toBe('new')
  })
})

describe('root', () => {
  const folders: [what: string, uid: number, mode: number, follows: boolean][] = [
    ['its own folder', 0, 0o755, true],
    ['a folder its group may write in', 0, 0o775, false],
    ['a folder everybody may write in', 0, 0o777, false],
    ['such a folder with the sticky bit', 0, 0o1777, false],
    ["another user's folder", STRANGER, 0o755, false],
  ]
  for (const [what, uid, mode, follows] of folders) {
    it(`${follows ? 'follows' : 'does not follow'} a link in ${what}`, () => {
      const root = scratch()
      const folder = path.join(root, 'f')
      fs.mkdirSync(path.join(folder, 'sub'), { recursive: true })
      fs.writeFileSync(path.join(root, 'victim'), 'v')
      fs.symlinkSync('../victim', path.join(folder, 'file'))
      fs.symlinkSync('..', path.join(folder, 'up'))
      fs.chownSync(folder, uid, uid)
      fs.chmodSync(folder, mode)
      for (const given of ['file', 'up/victim']) {
        if (follows) expect(resolvePath(path.join(folder, given)).name).toBe('victim')
        else
          expect(thrownBy(() => resolvePath(path.join(folder, given)))).toMatchObject({ code: 'unsafe-link' })
      }
    })
  }

  it('does not forbid others what endangers only themselves', () => {
    const root = linked()
    fs.chmodSync(root, 0o777)
    const code = 'console.log(files.resolvePath(argv[0]).name)'
    expect(runAs(STRANGER, code, [path.join(root, 'absolute-link')]).stdout).toBe('x\n')
  })

  const replacing: [what: string, mode: number, owner: number | undefined, code: string | undefined][] = [
    ['a world-writable folder', 0o777, 0, 'unsafe-folder'],
    ['a world-writable folder, a new file', 0o777, undefined, 'unsafe-folder'],
    ['one with the sticky bit, its own file', 0o1777, 0, undefined],
    ['one with the sticky bit, a new file', 0o1777, undefined, undefined],
    ["one with the sticky bit, another's file", 0o1777, STRANGER, 'unsafe-folder'],
    ["a group-writable folder, another's file", 0o2775, STRANGER, undefined],
  ]
  for (const [what, mode, owner, code] of replacing) {
    it(`${code ? 'does not write' : 'writes'} in ${what}`, () => {
      const folder = scratch()
      fs.chmodSync(folder, mode)
      if (owner !== undefined) {
        fs.writeFileSync(path.join(folder, 'x'), 'old')
        fs.chownSync(path.join(folder, 'x'), owner, owner)
      }
      const begin = (allowUnsafeFolder: boolean): void =>
        beginReplacement(open(folder), 'x', { tool: 't', allowUnsafeFolder }).commit('none')
      if (code) expect(thrownBy(() => begin(false))).toMatchObject({ code })
      else begin(false)
      begin(true)
      expect(fs.statSync(path.join(folder, 'x')).uid).toBe(owner ?? 0)
    })
  }
})

describe('an open folder', () => {
  it('stays the same when it is renamed and a link put in its place', () => {
    const root = scratch()
    fs.mkdirSync(path.join(root, 'f'))
    fs.mkdirSync(path.join(root, 'victim'))
    fs.writeFileSync(path.join(root, 'victim/x'), 'victim')
    const { folder, name } = resolvePath(path.join(root, 'f/x'))
    fs.renameSync(path.join(root, 'f'), path.join(root, 'moved'))
    fs.symlinkSync('victim', path.join(root, 'f'))
    const replacement = beginReplacement(folder, name, { tool: 't' })
    replacement.write(Buffer.from('new'))
    replacement.commit()
    expect(fs.readFileSync(path.join(root, 'victim/x'), 'utf8')).toBe('victim')
    expect(fs.readFileSync(path.join(root, 'moved/x'), 'utf8')).toBe('new')
  })

  it('opens nothing through a link, and does not wait for a named pipe', () => {
    const root = linked()
    runAs(0, 'require("child_process").execFileSync("mkfifo", argv)', [path.join(root, 'pipe')])
    const folder = open(root)
    expect(thrownBy(() => folder.openFile('absolute-link'))).toMatchObject({ code: 'symlink' })
    expect(thrownBy(() => folder.openFolder('folder-link'))).toMatchObject({ code: 'symlink' })
    expect(thrownBy(() => folder.openFolder('pipe'))).toMatchObject({ code: 'not-a-folder' })
    expect(thrownBy(() => folder.openFile('pipe'))).toMatchObject({ code: 'not-regular' })
    expect(thrownBy(() => folder.openFile('pipe', 'update'))).toMatchObject({ code: 'not-regular' })
    expect(thrownBy(() => folder.openFile('real'))).toMatchObject({ code: 'not-regular' })
  })

  for (const name of ['', '.', '..', 'a/b', '/etc', 'nul\0', Buffer.from('..'), Buffer.from('a/b')]) {
    it(`takes no name that is none: ${JSON.stringify(name.toString())}`, () => {
      expect(() => open(scratch()).entry(name)).toThrow('not a name of an entry')
    })
  }
})
