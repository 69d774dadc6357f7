import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileError } from '../../src/files/index.ts'
import { open, runAs, runOnSmallDisk, STRANGER, scratch, thrownBy } from './support.ts'

describe('faults', () => {
  const attempt = `
    const folder = files.resolveFolder(argv[0])
    try {
      const replacement = files.beginReplacement(folder, 'x', { tool: 'test-tool' })
      for (let i = 0; i < 64; i++) replacement.write(Buffer.alloc(65536, 1))
      replacement.commit()
      console.log('committed')
    } catch (error) {
      console.log(JSON.stringify([error.name, error.code, error.errno, String(error.path), typeof error.remedy]))
    }
    console.log(fs.readdirSync(argv[0]).join(), fs.existsSync(argv[0] + '/x') && fs.readFileSync(argv[0] + '/x', 'utf8'))`

  it('a full disk: typed error, target untouched, nothing left', () => {
    const disk = scratch()
    const code = `fs.writeFileSync(argv[0] + '/x', 'old')\n${attempt}`
    const { stdout } = runOnSmallDisk(disk, '1m', code, [disk])
    expect(stdout.split('\n')).toEqual([
      `["FileError","no-space","ENOSPC","${disk}/x","string"]`,
      'x old',
      '',
    ])
  })

  it('a file system mounted read-only', () => {
    const disk = scratch()
    const code = `fs.writeFileSync(argv[0] + '/x', 'old')
      require('node:child_process').execFileSync('mount', ['-o', 'remount,ro', argv[0]])\n${attempt}`
    const { stdout } = runOnSmallDisk(disk, '1m', code, [disk])
    expect(stdout.split('\n')).toEqual([
      `["FileError","read-only","EROFS","${disk}/x","string"]`,
      'x old',
      '',
    ])
  })

  it('a folder that the caller may not write in', () => {
    const folder = scratch()
    fs.writeFileSync(path.join(folder, 'x'), 'old')
    const { stdout } = runAs(STRANGER, attempt, [folder])
    expect(stdout.split('\n')).toEqual([
      `["FileError","denied","EACCES","${folder}/x","string"]`,
      'x old',
      '',
    ])
  })

  it("another user's file in a folder that the group may write in: what cannot be kept gives nobody more", () => {
    const folder = scratch()
    fs.chmodSync(folder, 0o775)
    fs.chownSync(folder, 0, STRANGER)
    fs.writeFileSync(path.join(folder, 'x'), 'old')
    fs.chmodSync(path.join(folder, 'x'), 0o4664)
    const code = `
      const folder = files.resolveFolder(argv[0])
      const replacement = files.beginReplacement(folder, 'x', { tool: 'test-tool' })
      replacement.write(Buffer.from('new'))
      replacement.commit()
      console.log(JSON.stringify(replacement.kept))`
    expect(runAs(STRANGER, code, [folder])).toMatchObject({
      stdout: '{"owner":false,"group":false}\n',
      stderr: '',
    })
    const stats = fs.statSync(path.join(folder, 'x'))
    expect([stats.uid, stats.gid, stats.mode & 0o7777]).toEqual([STRANGER, STRANGER, 0o644])
  })
})

it('an error is an Error with code, path and remedy', () => {
  const error = thrownBy(() => open(scratch()).openFile('none'))
  expect(error).toBeInstanceOf(FileError)
  expect(error).toMatchObject({ code: 'missing', errno: 'ENOENT' })
})
