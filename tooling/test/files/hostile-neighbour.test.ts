import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { names, run, runAs, STRANGER, scratch, script } from './support.ts'

/** Swaps the folder `sub` and the file `x` for links to a folder of root's, as fast as it can, until it is killed. */
const swap = `
  process.chdir(argv[0])
  console.log('go')
  for (;;) {
    attempt(() => fs.renameSync('sub', 'aside'))
    attempt(() => fs.symlinkSync(argv[1], 'sub'))
    attempt(() => fs.unlinkSync('sub'))
    attempt(() => fs.renameSync('aside', 'sub'))
    attempt(() => fs.renameSync('x', 'y'))
    attempt(() => fs.symlinkSync(argv[1] + '/x', 'x'))
    attempt(() => fs.lstatSync('x').isSymbolicLink() && fs.unlinkSync('x'))
    attempt(() => fs.renameSync('y', 'x'))
  }
  // What root does at the same time may have taken a name.
  function attempt(action) { try { action() } catch {} }`

/** Replaces what it finds and removes leftovers, again and again, as root. */
const work = `
  let replaced = 0
  for (const end = Date.now() + 1500; Date.now() < end; ) {
    const root = files.resolveFolder(argv[0])
    const onFolder = (folder) => files.removeLeftovers(folder, { tool: 't' })
    for (const found of files.walk(root, { followSymlinks: argv[1] === 'follow', onFolder })) {
      if (found.kind !== 'file') continue
      try {
        const { fd, stats } = found.folder.openFile(found.name)
        const replacement = files.beginReplacement(found.folder, found.name, { tool: 't', like: stats })
        replacement.write(Buffer.from('replaced'))
        replacement.commit('none')
        fs.closeSync(fd)
        replaced++
      } catch (error) {
        if (error.name !== 'FileError') throw error
      }
    }
    root.close()
  }
  console.log(replaced > 0)`

describe('root in the folder of a user who swaps it for links while it works', () => {
  for (const mode of ['plain', 'follow']) {
    it(`changes nothing elsewhere (${mode})`, async () => {
      const victim = scratch()
      fs.writeFileSync(path.join(victim, 'x'), 'precious')
      const folder = scratch()
      fs.mkdirSync(path.join(folder, 'sub'))
      for (const file of ['x', 'sub/x']) fs.writeFileSync(path.join(folder, file), 'old')
      expect(run('chown', ['-R', `${STRANGER}`, folder]).status).toBe(0)
      const who = [`--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups']
      const args = [...who, process.execPath, '-e', script(swap), folder, victim]
      const attacker = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(attacker.stdout, 'data')
      const result = runAs(0, work, [folder, mode])
      expect(attacker.exitCode).toBe(null)
      attacker.kill('SIGKILL')
      await once(attacker, 'close')
      expect(result).toMatchObject({ stdout: 'true\n', stderr: '' })
      const { uid } = fs.statSync(path.join(victim, 'x'))
      expect([names(victim), fs.readFileSync(path.join(victim, 'x'), 'utf8'), uid]).toEqual([
        ['x'],
        'precious',
        0,
      ])
    })
  }
})

it('without /proc files are reached by their paths', () => {
  const folder = scratch()
  fs.mkdirSync(path.join(folder, 'sub'))
  for (const file of ['x', 'sub/y']) fs.writeFileSync(path.join(folder, file), 'old')
  fs.symlinkSync('sub', path.join(folder, 'link'))
  const code = `
    for (const found of files.walk(files.resolveFolder(argv[0] + '/link/..'))) {
      if (found.kind === 'skipped') { console.log(found.path, found.reason); continue }
      const { folder, name } = files.resolvePath(argv[0] + '/' + found.path)
      const replacement = files.beginReplacement(folder, name, { tool: 't' })
      replacement.write(Buffer.from('new'))
      replacement.commit()
      const { fd } = folder.openFile(name, 'update')
      files.changeInPlace(folder, name, fd, [{ offset: 1, bytes: Buffer.from('E') }], { tool: 't' })
      files.makeBackup(folder, name, fd, { tool: 't', suffix: '~' })
      console.log(found.path, String(folder.path) === require('path').dirname(argv[0] + '/' + found.path))
    }
    console.log(files.resolvePath(argv[0] + '/link/y').followed, fs.existsSync('/proc/self'))`
  const hidden = 'mount -t tmpfs tmpfs /proc && exec "$@"'
  const ran = run('unshare', ['-rm', 'sh', '-c', hidden, 'sh', process.execPath, '-e', script(code), folder])
  expect(ran).toMatchObject({ stderr: '', stdout: 'link symlink\nsub/y true\nx true\ntrue false\n' })
  expect(names(folder)).toEqual(['link', 'sub', 'x', 'x~'])
  expect(names(path.join(folder, 'sub'))).toEqual(['y', 'y~'])
  expect(fs.readFileSync(path.join(folder, 'sub/y'), 'utf8')).toBe('nEw')
})
