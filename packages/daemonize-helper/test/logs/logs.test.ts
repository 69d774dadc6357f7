import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { follow, LogTail } from '../../src/logs/index.ts'
import { cliPath, Home } from '../support/home.ts'
import { eventually } from '../support/process.ts'

describe('the end of a log', () => {
  let folder = ''
  const path = (): string => join(folder, 'log')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'daemonize-helper-logs-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    { text: '', lines: 3, last: '' },
    { text: 'a\nb\nc\n', lines: 2, last: 'b\nc\n' },
    { text: 'a\nb\nc', lines: 2, last: 'b\nc' },
    { text: 'a\nb\n', lines: 10, last: 'a\nb\n' },
    { text: 'a\n\n\n', lines: 2, last: '\n\n' },
    { text: 'a\nb\n', lines: 0, last: '' },
  ])('$lines of $text', ({ text, lines, last }) => {
    writeFileSync(path(), text)
    using log = new LogTail(path())
    expect(log.last(lines).toString()).toBe(last)
  })

  it('goes on where it was, through a file that is emptied, and one that takes its name', async () => {
    writeFileSync(path(), 'old\n')
    using log = new LogTail(path())
    log.last(0)
    let over = false
    const read: string[] = []
    const reading = (async () => {
      for await (const bytes of follow([log], () => over, AbortSignal.timeout(10_000)))
        read.push(bytes.toString())
    })()
    const has = (text: string) => eventually(() => read.join('').endsWith(text))
    appendFileSync(path(), 'one\n')
    await has('one\n')
    truncateSync(path(), 0)
    appendFileSync(path(), 'two\n')
    await has('two\n')
    renameSync(path(), `${path()}.1`)
    appendFileSync(`${path()}.1`, 'late\n')
    writeFileSync(path(), 'three\n')
    await has('three\n')
    over = true
    await reading
    expect(read.join('')).toBe('one\ntwo\nlate\nthree\n')
  })
})

describe('daemonize-helper logs', () => {
  it('shows the last lines, and follows until the daemon has ended', async () => {
    await using home = new Home()
    const script =
      'for i in 1 2 3; do echo $i; done; while [ ! -e go ]; do sleep 0.05; done; echo end; sleep 0.3'
    const log = home.file('log')
    await home.json('start', [
      '--name',
      'n',
      '--stdout',
      log,
      '--cwd',
      home.path,
      '--ready',
      'log:3',
      '--',
      'sh',
      '-c',
      script,
    ])
    expect((await home.tool('logs', ['n', '--lines', '2'])).stdout).toBe('2\n3\n')
    const following = spawn(process.execPath, [cliPath(), 'logs', '-f', 'n', '--state-dir', home.state])
    let said = ''
    following.stdout.on('data', (chunk) => {
      said += chunk
    })
    await eventually(() => said.includes('3\n'))
    writeFileSync(home.file('go'), '')
    expect(await once(following, 'close')).toEqual([0, null])
    expect(said).toBe('1\n2\n3\nend\n')
  })

  it('of a daemon that keeps none', async () => {
    await using home = new Home()
    await home.json('start', ['--name', 'n', '--', 'sleep', '300'])
    expect(await home.tool('logs', ['n'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--stdout'),
    })
  })
})
