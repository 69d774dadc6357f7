import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  holdAnswers,
  holdCommands,
  holdMissing,
  holdRefusals,
} from '../../../../tooling/checks/command-line/settlement.ts'
import { type Ran, rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { putTree } from '../support/tree.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rrd-merge-settle-'))
  const names = { 'old.rrd': wholeFile(), 'new.rrd': holed(), info: wholeFile(), '-x.rrd': wholeFile() }
  putTree(folder, { ...names, 'sub/restore': wholeFile(), 'sub/new.rrd': holed() })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (line: string): Ran => rrdMerge(line === '' ? [] : line.split(' '), { cwd: folder })

describe('the command of a command line', () => {
  holdCommands(run, [
    ['--json info old.rrd', 'rrd-merge/info@1'],
    ['info --json old.rrd', 'rrd-merge/info@1'],
    ['-q --json --no-color info old.rrd', 'rrd-merge/info@1'],
    ['--log-format json --json info old.rrd', 'rrd-merge/info@1'],
    ['--json -n old.rrd new.rrd', 'rrd-merge/merge@1'],
    ['old.rrd new.rrd -n --json', 'rrd-merge/merge@1'],
    ['merge --json -n old.rrd new.rrd', 'rrd-merge/merge@1'],
    ['-nq --json old.rrd new.rrd', 'rrd-merge/merge@1'],
    ['-qn old.rrd --json new.rrd', 'rrd-merge/merge@1'],
    ['-n --json ./info new.rrd', 'rrd-merge/merge@1'],
    ['-n --json -- info new.rrd', 'rrd-merge/merge@1'],
    ['merge -n --json info new.rrd', 'rrd-merge/merge@1'],
    ['merge -n --json sub/restore new.rrd', 'rrd-merge/merge@1'],
    ['-n --json -- -x.rrd new.rrd', 'rrd-merge/merge@1'],
    ['-n --json --map-ds in=out old.rrd new.rrd', 'rrd-merge/merge@1'],
    ['-n --json --policy fill old.rrd new.rrd', 'rrd-merge/merge@1'],
    ['-n --json --rrdtool diff old.rrd new.rrd', 'rrd-merge/merge@1'],
    ['-n --json --rrdtool=diff old.rrd new.rrd', 'rrd-merge/merge@1'],
    ['--json diff old.rrd old.rrd', 'rrd-merge/diff@1'],
    ['--json check old.rrd', 'rrd-merge/check@1'],
    ['--json coverage old.rrd', 'rrd-merge/coverage@1'],
  ])

  it('is not looked for after --: even -n is an operand there', () => {
    expect(run('--json -- info old.rrd -n')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('-n'),
    })
  })

  it('is the word that names one, with a warning where a file of that name lies there', () => {
    const ran = run('info old.rrd')
    expect(ran.status).toBe(0)
    expect(ran.stderr).toContain("'info' is taken for the command")
    expect(ran.stderr).toContain('./info')
    expect(run('info -q old.rrd').stderr).toBe('')
    expect(run('-n ./info info').stderr).toContain('the very file')
  })

  holdMissing('rrd-merge', run, 2, ['', 'old.rrd', 'merge', 'merge old.rrd', '--json', '-n'])
})

holdAnswers('rrd-merge', run, [
  ['--help', /Usage: rrd-merge.*coverage.*--map-ds/s],
  ['-h', /--only-gaps-longer-than/],
  ['help', /--map-ds/],
  ['help info', /rrd-merge info/],
  ['info --help', /rrd-merge info/],
  ['--help info', /rrd-merge info/],
  ['info -V', /^(rrd-merge )?\d+\.\d+\.\d+\n$/],
])

holdRefusals('rrd-merge', run, 2, [
  ['--dry-rnu old.rrd new.rrd', '--dry-run'],
  ['conver old.rrd -o out.rrd', 'did you mean the command `convert`?'],
  ['conver old.rrd --arch le64', 'did you mean the command `convert`?'],
  ['--polcy fill old.rrd new.rrd', '--policy'],
  ['info --dry-run old.rrd', '--dry-run'],
  ['--policy nonsense old.rrd new.rrd', 'prefer-old'],
  ['--jobs 0 old.rrd new.rrd', '--jobs'],
  ['--shard 3/3 sub sub', '--shard'],
  ['--map-ds nonsense old.rrd new.rrd', '--map-ds'],
  ['--include *.x old.rrd new.rrd', '--include is for folders'],
  ['--only-common old.rrd new.rrd', '--only-common is for folders'],
  ['--shard 0/2 old.rrd new.rrd', '--shard is for folders'],
  ['--in-place -o out.rrd old.rrd new.rrd', 'contradict'],
  ['--backup -o out.rrd old.rrd new.rrd', 'contradict'],
  ['old.rrd sub', 'is a folder'],
  ['sub old.rrd', 'is a folder'],
  ['-o new.rrd -o old.rrd old.rrd new.rrd', 'old.rrd'],
  ['old.rrd nowhere.rrd', 'nowhere.rrd'],
  ['nowhere.rrd old.rrd', 'nowhere.rrd'],
  ['-o nowhere/out.rrd old.rrd new.rrd', 'nowhere'],
  ['sub sub', 'same folder'],
  ['. sub', 'lies in'],
  ['sub .', 'lies in'],
  ['-o old.rrd old.rrd new.rrd', 'old.rrd'],
])
