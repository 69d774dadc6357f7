import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltSample, buildSample } from './built-sample.ts'

let sample: BuiltSample
const env = { PATH: process.env.PATH ?? '' }

beforeAll(async () => {
  sample = await buildSample()
})
afterAll(() => sample.remove())

/** Runs a bash line with `$T` as the tool. */
function shell(line: string, more: Record<string, string> = {}) {
  const result = spawnSync('bash', ['--norc', '-c', line], {
    cwd: sample.folder,
    env: { ...env, T: sample.cli, ...more },
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  return { code: result.status, stdout: result.stdout, stderr: result.stderr }
}

describe('the built command line', () => {
  it('is a program of its own', () => {
    expect(execFileSync(sample.cli, ['--version'], { encoding: 'utf8', env })).toBe('sample-tool 1.2.3\n')
  })

  it('reads only the chunks that a run needs', () => {
    const list = `process.on('exit', () => process.stderr.write(Object.keys(require.cache).map((f) => require('path').basename(f)).join(' ')))`
    writeFileSync(join(sample.folder, 'list.cjs'), list)
    const loaded = (line: string): string => shell(`node -r ./list.cjs $T ${line}`).stderr
    const lazy = ['merge', 'info', 'stream', 'fail', 'completion', 'json-lines', 'progress-line', 'table']
    const seen = (line: string): string[] => lazy.filter((name) => loaded(line).includes(`cli-${name}-`))
    const chunks = readdirSync(sample.dist).join(' ')
    expect(lazy.filter((name) => !chunks.includes(`cli-${name}-`))).toEqual(['table'])
    expect(seen('--help')).toEqual([])
    expect(seen('--version')).toEqual([])
    expect(seen('a b')).toEqual(['merge'])
    expect(seen('fail own')).toEqual(['fail'])
    expect(seen('info /dev/null')).toEqual(['info'])
    expect(seen('a b --log-format json')).toEqual(['merge', 'json-lines'])
    expect(seen('--completion zsh')).toEqual(['completion'])
  })

  it('has no import() left, which would start the loader of ES modules', () => {
    const files = readdirSync(sample.dist).filter((name) => !name.includes('json-lines'))
    const found = files.filter((name) => /\bimport\(/.test(readFileSync(join(sample.dist, name), 'utf8')))
    expect(found).toEqual([])
  })
})

describe('stdout', () => {
  it('whose reader goes away ends a stream quietly', () => {
    expect(shell('$T stream 1000000 | head -1; echo $PIPESTATUS')).toEqual({
      code: 0,
      stdout: `${'x'.repeat(80)}\n0\n`,
      stderr: '',
    })
    expect(shell('$T --help | head -1; echo $PIPESTATUS').stdout).toMatch(/\n0\n$/)
    expect(shell('$T info $T | true; echo $PIPESTATUS')).toEqual({
      code: 0,
      stdout: '0\n',
      stderr: '',
    })
  })

  it('gets every byte through a slow pipe', () => {
    const lines = 100_000
    const line = `$T stream ${lines} --width 400 | (sleep 0.5; wc -lc)`
    expect(shell(line).stdout.trim().split(/\s+/).map(Number)).toEqual([lines, lines * 401])
  })

  it('that takes nothing is a failure with the code of the tool', () => {
    const { code, stderr } = shell('$T a b > /dev/full')
    expect(code).toBe(5)
    expect(stderr).toMatch(
      /^sample-tool: error: cannot write to standard output: no space left on the device \(ENOSPC\)\n/,
    )
    expect(shell('$T --help > /dev/full').code).toBe(5)
    expect(shell('$T stream 100000 > /dev/full').code).toBe(5)
  })

  it('may be closed, as may stdin and stderr', () => {
    expect(shell('$T info $T <&- >&- 2>&-').code).toBe(0)
    expect(shell('$T fail own <&- 2>&-').code).toBe(4)
  })
})

describe('signals', () => {
  const started = async (
    how: string,
  ): Promise<{ child: ChildProcess; text: () => string; errors: () => string }> => {
    const child = spawn(process.execPath, [sample.cli, 'fail', how], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    let errors = ''
    child.stdout?.on('data', (data) => {
      text += data
    })
    child.stderr?.on('data', (data) => {
      errors += data
    })
    while (!text.includes('started')) await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
    return { child, text: () => text, errors: () => errors }
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s stops the work, and the process dies by it',
    async (name) => {
      const { child, errors } = await started('slow')
      child.kill(name)
      expect(await once(child, 'close')).toEqual([null, name])
      expect(errors()).toBe(`sample-tool: error: stopped by ${name}\n`)
    },
  )

  it('a shell sees 130 and 143', () => {
    const line = (name: string) =>
      shell(
        `$T fail slow > out & pid=$!; until grep -q started out; do sleep 0.02; done; kill -${name} $pid; wait $pid; echo $?`,
      )
    expect(line('TERM').stdout).toBe('143\n')
    // A background job of a shell without job control ignores SIGINT, hence a shell with it.
    expect(
      shell(
        `set -m; rm -f out; $T fail slow > out & pid=$!; until grep -q started out; do sleep 0.02; done; kill -INT $pid; wait $pid; echo $?`,
      ).stdout,
    ).toBe('130\n')
  })

  it('the second ends at once, whatever the command is at', async () => {
    const { child, text } = await started('late')
    child.kill('SIGINT')
    while (!text().includes('asked')) await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM'])
  })

  it('are seen in the midst of a stream', async () => {
    const child = spawn(process.execPath, [sample.cli, 'stream', '1000000000'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    child.stdout.resume()
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([null, 'SIGINT'])
  })

  it('leave the work alone where they came from elsewhere: an abort of its own is a failure', () => {
    expect(shell('$T fail abort').code).toBe(1)
  })
})

describe('names that are not UTF-8', () => {
  it('reach the command as the bytes they are', () => {
    mkdirSync(join(sample.folder, 'names'), { recursive: true })
    const name = Buffer.concat([
      Buffer.from(join(sample.folder, 'names/a')),
      Buffer.of(0xff, 0xc3),
      Buffer.from('é\n.rrd'),
    ])
    writeFileSync(name, 'abc')
    const json = JSON.parse(shell('$T info --json names/*').stdout)
    const relative = name.subarray(Buffer.byteLength(sample.folder) + 1)
    expect(json.files).toEqual([
      { path: relative.toString(), pathBase64: relative.toString('base64'), size: 3 },
    ])
    expect(shell('$T info names/*').stdout).toContain('names/a\\xff\\xc3é\\n.rrd')
    expect(shell("$T info $'names/\\xfe'").stderr).toMatch(/cannot open names\/(\\xfe|\ufffd): no such file/)
  })
})

describe('the lines on stderr', () => {
  it('carry priorities where they go to the journal', () => {
    const path = join(sample.folder, 'journal')
    const descriptor = openSync(path, 'w')
    const { dev, ino } = fstatSync(descriptor, { bigint: true })
    const result = spawnSync(process.execPath, [sample.cli, 'info', '-l', '/nonexistent'], {
      env: { ...env, JOURNAL_STREAM: `${dev}:${ino}` },
      stdio: ['ignore', 'ignore', descriptor],
    })
    closeSync(descriptor)
    expect(result.status).toBe(1)
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => line.slice(0, 28))).toEqual([
      '<4>sample-tool: warning: lon',
      '<3>sample-tool: error: canno',
      '<3>sample-tool: hint: check ',
    ])
    // The variable is inherited by children whose stderr goes elsewhere.
    expect(shell('$T info -l /dev/null', { JOURNAL_STREAM: '8:1' }).stderr).toMatch(/^sample-tool: warning/)
  })

  it('are NDJSON by pino, written before the process ends', () => {
    const { stderr, code } = shell('$T info -l /nonexistent --log-format json')
    expect(code).toBe(1)
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { level: 'warn', tool: 'sample-tool', msg: 'long is slow', code: 'long-slow', files: 1 },
      { level: 'error', tool: 'sample-tool', code: 'ENOENT', path: '/nonexistent' },
    ])
  })
})
