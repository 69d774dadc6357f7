import { describe, expect, it } from 'vitest'
import { ran } from './memory-io.ts'
import { sampleTool } from './sample-tool/cli.ts'
import { starterTool } from './starter-tool.ts'

const sample = (line: string) => ran(sampleTool, line === '' ? [] : line.split(' '))
const starter = (line: string) => ran(starterTool, line === '' ? [] : line.split(' '))
const usage = 'Usage: sample-tool [merge] [options] OLD [OLD ...] NEW\n'

describe('a run', () => {
  it('hands operands and typed options to the command', async () => {
    const { code, stdout, stderr } = await sample(
      '--policy sum --map-ds a=b merge x --from 2024-05-01 y -n --map-ds c=d=e --only-gaps-longer-than 1h30m -o out -- -z',
    )
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      schema: 'sample-tool/merge@1',
      operands: ['x', 'y', '-z'],
      policy: 'sum',
      from: 1714521600,
      dryRun: true,
      options: {
        policy: 'sum',
        from: 1714521600,
        dryRun: true,
        output: 'out',
        onlyGapsLongerThan: 5400,
        mapDs: [
          ['a', 'b'],
          ['c', 'd=e'],
        ],
      },
    })
  })

  it('takes the last value of an option given twice', async () => {
    const { stdout } = await sample('a b --policy sum --policy=prefer-old')
    expect(JSON.parse(stdout).policy).toBe('prefer-old')
  })

  it('starts afresh each time: nothing is kept of an earlier line', async () => {
    await sample('a b --policy sum --map-ds a=b')
    const { stdout } = await sample('a b')
    expect(JSON.parse(stdout).options).toEqual({ policy: 'fill' })
  })
})

describe('a wrong command line', () => {
  it.each([
    ['', 'missing operand OLD and NEW', 'see `sample-tool merge --help`'],
    ['a', 'missing operand NEW', 'see `sample-tool merge --help`'],
    ['inof', 'missing operand NEW', 'did you mean the command `info`?'],
    ['a b --jsn', "unknown option '--jsn'", 'did you mean --json?'],
    ['a b --json=1', "unknown option '--json=1'", 'did you mean --json?'],
    ['a b -z', "unknown option '-z'", 'see `sample-tool merge --help`'],
    ['a b -n-', "unknown option '-n-'", 'see `sample-tool merge --help`'],
    ['a b --long', "unknown option '--long'", '--long is an option of `info`, not of `merge`'],
    ['a b -o', "option '-o, --output <file>' argument missing", 'see `sample-tool merge --help`'],
    ['a b -o=', undefined, undefined],
    [
      'a b --output=',
      "option '-o, --output <file>' argument '' is invalid. it is empty: name a file",
      undefined,
    ],
    [
      'a b --policy most',
      "option '--policy <rule>' argument 'most' is invalid. Allowed choices are fill, prefer-old, sum",
      'see `sample-tool merge --help`',
    ],
  ])('%s', async (line, message, remedy) => {
    const { code, stderr, stdout } = await sample(line)
    if (message === undefined) return expect(code).toBe(0)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(`sample-tool: error: ${message}\n`)
    if (remedy !== undefined) expect(stderr).toContain(`sample-tool: hint: ${remedy}\n`)
    expect(stderr.endsWith(usage)).toBe(true)
  })

  it('is told in JSON on both streams where that is asked for', async () => {
    const { code, stdout, stderr } = await sample('--json --log-format=json a')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      schema: 'sample-tool/merge@1',
      error: { code: 'USAGE', message: 'missing operand NEW' },
    })
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      {
        level: 'error',
        tool: 'sample-tool',
        code: 'USAGE',
        msg: 'missing operand NEW',
        usage: usage.slice(7, -1),
      },
    ])
    expect(lines[0].time).toBeGreaterThan(1.7e12)
  })

  it('has the exit code that the tool chose', async () => {
    expect((await starter('')).code).toBe(64)
    expect((await starter('stat -- x')).stderr).toContain(
      "unknown command 'stat'\nstarter-tool: hint: did you mean start?",
    )
    expect((await starter('zzzzz')).stderr).toContain('hint: the commands are start, export')
    expect((await starter('--name x')).stderr).toContain('error: no command given')
  })
})

describe("another program's command line", () => {
  it.each([
    [
      'start -n --name a -- sleep -n --help -- 5',
      { operands: [], program: ['sleep', '-n', '--help', '--', '5'] },
    ],
    ['start -- start', { operands: [], program: ['start'] }],
    ['export systemd web', { operands: ['systemd', 'web'], program: null }],
    ['export systemd -- web -x', { operands: ['systemd'], program: ['web', '-x'] }],
    ['--name -- start -- x', { operands: [], program: ['x'] }],
  ])('%s', async (line, expected) => {
    const { code, stdout } = await starter(line)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject(expected)
  })

  it.each([
    ['start', 'missing the program to start'],
    ['start --', 'missing the program to start'],
    ['start sleep 5', 'missing the program to start'],
    ['start web -- sleep 5', "unexpected operand 'web'"],
    ['export -- web', 'missing operand FORMAT'],
  ])('%s is refused', async (line, message) => {
    const { code, stderr } = await starter(line)
    expect(code).toBe(64)
    expect(stderr).toContain(message)
  })
})

describe('a word that names a command', () => {
  const inFolder = { fileExists: (name: string) => name === 'info' || name === 'start' }

  it('is the command, with a warning where a file has its name', async () => {
    const { stderr } = await ran(sampleTool, ['info', '/nonexistent'], inFolder)
    expect(stderr).toContain(
      "sample-tool: warning: 'info' is taken for the command, though a file of that name is here",
    )
    expect(stderr).toContain('sample-tool: hint: write ./info to name the file\n')
    expect(stderr).toContain('cannot open /nonexistent')
  })

  it('needs no warning with -q, after --, as ./info, or without a default command', async () => {
    expect((await ran(sampleTool, ['-q', 'info', '/dev/null'], inFolder)).stderr).toBe('')
    expect((await ran(sampleTool, ['--', 'info', 'b'], inFolder)).stderr).toBe('')
    expect((await ran(sampleTool, ['./info', 'b'], inFolder)).stderr).toBe('')
    expect((await ran(starterTool, ['start', '--', 'x'], inFolder)).stderr).toBe('')
  })
})

describe('a failure', () => {
  it.each([
    ['own', 4, 'sample-tool: error: x.rrd is cut short\nsample-tool: hint: restore a backup\n'],
    [
      'structural',
      1,
      'sample-tool: error: a\\nb.rrd: no RRD cookie (offset 0x1f, 31)\nsample-tool: hint: name an RRD\n',
    ],
    [
      'system',
      1,
      'sample-tool: error: cannot open /nonexistent/x: no such file or folder (ENOENT)\n' +
        'sample-tool: hint: check the name; a relative one starts at the current folder\n',
    ],
  ])('%s', async (how, code, stderr) => {
    const result = await sample(`fail ${how}`)
    expect(result).toEqual({ code, stdout: '', stderr })
  })

  it('that is a bug says so and how to report it; the stack only with --debug', async () => {
    const { code, stderr } = await sample('fail plain')
    expect(code).toBe(1)
    expect(stderr).toBe(
      "sample-tool: error: internal error: TypeError: Cannot read properties of undefined (reading 'field')\n" +
        'sample-tool: hint: this is a bug in sample-tool 1.2.3: please report it at https://example.org/sample-tool/issues, with the output of --debug\n',
    )
    expect((await sample('fail plain --debug')).stderr).toContain('sample-tool/commands/fail.ts:')
    const asJson = await sample('fail plain --debug --log-format json')
    expect(JSON.parse(asJson.stderr).stack).toContain('sample-tool/commands/fail.ts:')
  })

  it('is in the JSON document, and the last row of a stream', async () => {
    expect(JSON.parse((await sample('fail own --json')).stdout)).toEqual({
      schema: 'sample-tool/fail@1',
      error: { code: 'BROKEN', message: 'x.rrd is cut short' },
    })
    const row = (await sample('fail own --ndjson')).stdout
    expect(row.split('\n')).toHaveLength(2)
    expect(JSON.parse(row)).toMatchObject({ error: { code: 'BROKEN', message: 'x.rrd is cut short' } })
  })
})

describe('-q, -v and --debug', () => {
  it('show more or less', async () => {
    const warning = 'sample-tool: warning: long is slow [long-slow]\n'
    const debug = 'sample-tool: debug: reading {"files":1}\n'
    expect((await sample('info -l /dev/null')).stderr).toBe(warning)
    expect((await sample('info -ql /dev/null')).stderr).toBe('')
    expect((await sample('info -lv /dev/null')).stderr).toBe(debug + warning)
    expect((await sample('info -l /dev/null --debug')).stderr).toBe(debug + warning)
    expect((await sample('-q info /nonexistent')).stderr).toContain('error: cannot open')
  })
})
