import { spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cliPath } from '../support/cli.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-untrusted')
const FIFO = scratch.file('fifo')
const SECRET = scratch.file('elsewhere/secret')
const PORT = '10809'

/** Names that a tenant can write into an image, and what must not be seen among the system calls. */
const NAMES: readonly (readonly [name: string, forbidden: RegExp])[] = [
  ['/etc/shadow', /etc\/shadow"/],
  [FIFO, new RegExp(`"${FIFO}"`)],
  ['/dev/zero', /"\/dev\/zero"/],
  [SECRET, new RegExp(`"${SECRET}"`)],
  ['json:{"driver":"file","filename":"/etc/shadow"}', /etc\/shadow/],
  [`nbd:127.0.0.1:${PORT}`, new RegExp(`connect\\(|htons\\(${PORT}\\)`)],
  [`file:${SECRET}`, new RegExp(SECRET)],
]

/** Each command that opens an image, with no option that allows other files, and with the one that allows chains. */
const COMMANDS: readonly (readonly string[])[] = [
  ['check', 'IMG'],
  ['check', '--data', 'IMG'],
  ['check', '--chain', 'IMG'],
  ['info', 'IMG'],
  ['info', '--chain', 'IMG'],
  ['plan', 'IMG'],
  ['repair', '--assume-offline', 'IMG'],
  ['check', '-r', 'all', '--assume-offline', 'IMG'],
  ['rescue', 'IMG', '-O', 'raw', '-o', 'OUT', '--force'],
  ['rescue', 'IMG', '-O', 'qcow2', '-o', 'OUT', '--force', '--chain'],
  ['map', 'IMG', '-o', 'OUT.svg'],
  ['map', 'IMG', '-o', 'OUT.svg', '--chain'],
  ['scan', 'FOLDER'],
  ['scan', 'FOLDER', '--chain'],
  ['reclaim', '-n', '--assume-offline', 'IMG'],
]

beforeAll(() => {
  spawnSync('mkfifo', [FIFO])
  spawnSync('mkdir', [scratch.file('elsewhere'), scratch.file('images')])
  writeFileSync(SECRET, Buffer.alloc(2 ** 20, 0x53))
  const base = scratch.file('base.raw')
  writeFileSync(base, Buffer.alloc(2 ** 20))
  qemuImg(['create', '-q', '-f', 'qcow2', '-b', base, '-F', 'raw', scratch.file('template'), '1M'])
  qemuIo(['-c', 'write -P 7 0 64k', scratch.file('template')])
})
afterAll(() => scratch[Symbol.dispose]())

/** The template with another backing file's name, and a refcount that wants repair. */
function makeImage(name: string): string {
  const path = scratch.file('images/image.qcow2')
  copyFileSync(scratch.file('template'), path)
  const header = readFileSync(path).subarray(0, 104)
  const fd = openSync(path, 'r+')
  try {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(name))
    writeSync(fd, length, 0, 4, 16)
    writeSync(fd, Buffer.from(name), 0, undefined, Number(header.readBigUInt64BE(8)))
    writeSync(fd, new Uint8Array(2), 0, 2, 2 * 65_536 + 5 * 2)
  } finally {
    closeSync(fd)
  }
  return path
}

/** Runs the tool under strace; @returns every call that opens, looks at or connects to something */
function traced(args: readonly string[]): { readonly calls: string; readonly status: number | null } {
  const log = scratch.file('trace')
  const calls = 'open,openat,openat2,connect'
  const { status } = spawnSync(
    'strace',
    [
      '-f',
      '--seccomp-bpf',
      '-qq',
      '-s',
      '4096',
      '-e',
      `trace=${calls}`,
      '-o',
      log,
      process.execPath,
      cliPath(),
      ...args,
    ],
    { timeout: 50_000, killSignal: 'SIGKILL', encoding: 'utf8' },
  )
  return { calls: readFileSync(log, 'utf8'), status }
}

/** That a name is looked at is no harm: a rescue must not write over what may be the backing file. */
function offences(calls: string, forbidden: RegExp): string[] {
  return calls
    .split('\n')
    .filter((line) => /\b(open|openat|openat2|connect)\(/.test(line) && forbidden.test(line))
}

describe.each(NAMES)('an image that names %s', (name, forbidden) => {
  test('has it opened by no command', () => {
    for (const command of COMMANDS) {
      const image = makeImage(name)
      const words: Readonly<Record<string, string>> = {
        IMG: image,
        OUT: scratch.file('out'),
        'OUT.svg': scratch.file('out.svg'),
        FOLDER: scratch.file('images'),
      }
      const { calls, status } = traced(command.map((word) => words[word] ?? word))
      expect(calls, command.join(' ')).toContain('image.qcow2')
      expect(offences(calls, forbidden), command.join(' ')).toEqual([])
      expect(status, command.join(' ')).not.toBeNull()
    }
  })
})
