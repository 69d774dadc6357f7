import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parseGetfattr } from '../../../src/files/attributes/getfattr-output.ts'
import {
  beginReplacement,
  copyAttributes,
  findAttributes,
  findFileAttributes,
} from '../../../src/files/index.ts'
import { open, run, STRANGER, scratch } from '../support.ts'

function attributes(file: string): string {
  return run('getfattr', ['-d', '-e', 'hex', '-m', '-', '--absolute-names', file])
    .stdout.split('\n')
    .slice(1)
    .join('\n')
}

function acl(file: string): string {
  return run('getfacl', ['-cpn', file]).stdout
}

function replaceKeeping(folder: string, name: string): readonly string[] {
  const handle = open(folder)
  const index = findAttributes(handle)
  const { fd, stats } = handle.openFile(name)
  const replacement = beginReplacement(handle, name, { tool: 't', like: stats })
  replacement.write(Buffer.from('new'))
  const outcome = index.concerns(name)
    ? copyAttributes(fd, replacement.fd, index.of(name))
    : { differing: [] }
  replacement.commit('none')
  fs.closeSync(fd)
  return outcome.differing
}

const searched = process.env.PATH

describe('attributes of a tree', () => {
  it('are found in one go, whatever the names', () => {
    const root = scratch()
    const odd = [
      'plain',
      'new\nline',
      'back\\slash',
      'sp ace',
      '# file: x',
      'eq=x',
      '-dash',
      'cr\r',
      'uml\u00e4ut',
      'x\\012y',
    ]
    for (const name of odd) {
      fs.mkdirSync(path.join(root, 'sub', name), { recursive: true })
      fs.writeFileSync(path.join(root, 'sub', name, name), '')
      run('setfattr', ['-n', 'user.k', '-v', 'v', path.join(root, 'sub', name, name)])
    }
    const bytes = Buffer.from([0xff, 0x0a, 0xfe])
    fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/`), bytes]), '')
    expect(run('sh', ['-c', 'cd "$1" && setfattr -n user.k -v v *', 'sh', root]).status).toBe(0)
    fs.writeFileSync(path.join(root, 'none'), '')
    fs.symlinkSync('sub/plain/plain', path.join(root, 'link'))
    const index = findAttributes(open(root))
    expect(index.known).toBe(true)
    for (const name of odd) expect([name, index.of(`sub/${name}/${name}`)]).toEqual([name, ['user.k']])
    expect(index.of(bytes)).toEqual(['user.k'])
    expect(index.of('sub')).toEqual(['user.k'])
    for (const name of ['none', 'link', 'sub/plain']) expect(index.concerns(name)).toBe(false)
  })

  it('are none in most trees', () => {
    const root = scratch()
    fs.writeFileSync(path.join(root, 'x'), '')
    const index = findAttributes(open(root))
    expect([index.known, index.concerns('x'), index.of('x')]).toEqual([true, false, []])
  })

  it("are found for a single file, and its folder's default ACL is seen", () => {
    const root = scratch()
    fs.writeFileSync(path.join(root, 'x'), '')
    const look = () => {
      const { fd } = open(root).openFile('x')
      return findFileAttributes(open(root), 'x', fd)
    }
    expect(look().concerns('x')).toBe(false)
    run('setfattr', ['-n', 'user.k', '-v', 'v', path.join(root, 'x')])
    expect([look().concerns('x'), look().of('x')]).toEqual([true, ['user.k']])
    run('setfattr', ['-x', 'user.k', path.join(root, 'x')])
    run('setfacl', ['-d', '-m', `u:${STRANGER}:rw`, root])
    expect([look().concerns('x'), look().of('x')]).toEqual([true, []])
  })

  it('that every new file gets by itself cost nothing, others of that kind are kept', () => {
    // There is no SELinux here: a getfattr that adds a label to every file is what one would see.
    const root = scratch()
    for (const name of ['usual', 'other']) {
      fs.mkdirSync(path.join(root, name))
      for (const file of ['a', 'b']) fs.writeFileSync(path.join(root, name, file), '')
    }
    run('setfattr', ['-n', 'security.selinux', '-v', 'odd', path.join(root, 'usual/b')])
    const bin = scratch()
    const real = run('sh', ['-c', 'command -v getfattr']).stdout.trim()
    const lines = [
      '#!/bin/sh',
      'for last; do :; done',
      `echo "$*" >> ${bin}/calls`,
      'for file in $(find -L "$last" -mount); do',
      `  found=$(${real} -d -e hex -m - --absolute-names "$file")`,
      '  if [ "$found" ]; then printf "%s\\n\\n" "$found"',
      '  else printf "# file: %s\\nsecurity.selinux=0x75\\n\\n" "$file"; fi',
      'done',
    ]
    fs.writeFileSync(path.join(bin, 'getfattr'), `${lines.join('\n')}\n`, { mode: 0o755 })
    process.env.PATH = `${bin}:${searched}`
    const index = findAttributes(open(root))
    const all = ['usual/a', 'usual/b', 'other/a', 'other/b']
    expect(all.filter((file) => index.concerns(file))).toEqual(['usual/b'])
    expect(index.of('usual/a')).toEqual(['security.selinux'])
    // One call for the tree, one for the label that new files get.
    expect(fs.readFileSync(path.join(bin, 'calls'), 'utf8').trimEnd().split('\n')).toHaveLength(2)
  })

  it('are not known without getfattr', () => {
    process.env.PATH = scratch()
    const index = findAttributes(open('/tmp'))
    expect([index.known, index.concerns('x')]).toEqual([false, false])
    expect(index.reason).toContain('getfattr is not installed')
  })
  afterEach(() => {
    process.env.PATH = searched
  })
})

describe('a replaced file keeps', () => {
  const kinds: [what: string, set: (file: string) => void][] = [
    [
      'user attributes, with odd names and values',
      (file) => {
        run('setfattr', ['-n', 'user.odd\n=name\\', '-v', '0x00ff0a', file])
        run('setfattr', ['-n', 'user.empty', file])
      },
    ],
    ['an access control list', (file) => void run('setfacl', ['-m', `u:${STRANGER}:rw,g:12:r`, file])],
    [
      'security and trusted attributes',
      (file) => {
        run('setfattr', ['-n', 'security.test', '-v', 'label', file])
        run('setfattr', ['-n', 'trusted.test', '-v', 'x', file])
      },
    ],
    [
      'a label of SELinux',
      (file) => void run('setfattr', ['-n', 'security.selinux', '-v', 'system_u:object_r:t', file]),
    ],
  ]
  for (const [what, set] of kinds) {
    it(what, () => {
      const root = scratch()
      const file = path.join(root, 'x')
      fs.writeFileSync(file, 'old')
      fs.chownSync(file, STRANGER, 12)
      fs.chmodSync(file, 0o640)
      set(file)
      const before = { attributes: attributes(file), acl: acl(file), stats: fs.statSync(file) }
      expect(before.attributes.length).toBeGreaterThan(10)
      expect(replaceKeeping(root, 'x')).toEqual([])
      const stats = fs.statSync(file)
      expect({ attributes: attributes(file), acl: acl(file) }).toEqual({
        attributes: before.attributes,
        acl: before.acl,
      })
      expect([stats.mode, stats.uid, stats.gid]).toEqual([
        before.stats.mode,
        before.stats.uid,
        before.stats.gid,
      ])
      expect(stats.mtimeMs).toBeGreaterThan(before.stats.mtimeMs)
      expect(fs.readFileSync(file, 'utf8')).toBe('new')
    })
  }

  it("nothing of the folder's default ACL if it had none itself", () => {
    const root = scratch()
    const file = path.join(root, 'x')
    fs.writeFileSync(file, 'old')
    fs.chmodSync(file, 0o640)
    run('setfacl', ['-d', '-m', `u:${STRANGER}:rw`, root])
    const before = acl(file)
    expect(replaceKeeping(root, 'x')).toEqual([])
    expect(acl(file)).toBe(before)
    expect(attributes(file)).toBe('')
  })

  it('what it can: what was lost is named', () => {
    const root = scratch()
    const disk = scratch()
    fs.writeFileSync(path.join(root, 'x'), 'old')
    fs.writeFileSync(path.join(disk, 'y'), 'new')
    run('setfattr', ['-n', 'user.k', '-v', 'v', path.join(root, 'x')])
    const source = fs.openSync(path.join(root, 'x'), 'r')
    // /proc is a file system without extended attributes.
    const target = fs.openSync('/proc/self/comm', 'r')
    expect(copyAttributes(source, target, ['user.k']).differing).toEqual(['user.k'])
  })
})

it('the output of getfattr is read as what it is, also where it looks like something else', () => {
  const output = Buffer.from(
    '# file: a\\012# file: b\nuser.x=0x01\n# file: c=1\n\n# file: \xff\nk\n\n',
    'latin1',
  )
  expect([...parseGetfattr(output)].map(([file, found]) => [file, ...found])).toEqual([
    ['a\n# file: b', ['user.x', '0x01'], ['# file: c', '1']],
    ['\xff', ['k', '']],
  ])
})
