import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  holdAnswers,
  holdCommands,
  holdMissing,
  holdRefusals,
} from '../../../../tooling/checks/command-line/settlement.ts'
import { qcow2Check, type Ran } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { healthy } from './images.ts'

const scratch = new Scratch('qcow2-settle')

beforeAll(async () => {
  const image = await healthy(scratch.path, 'a.qcow2')
  for (const name of ['info', '-x.qcow2', 'map']) copyFileSync(image, scratch.file(name))
})

afterAll(() => scratch[Symbol.dispose]())

const run = (line: string): Ran => qcow2Check(line === '' ? [] : line.split(' '), { cwd: scratch.path })
describe('the command of a command line', () => {
  holdCommands(run, [
    ['--json a.qcow2', 'qcow2-check/check@1'],
    ['a.qcow2 --json', 'qcow2-check/check@1'],
    ['check --json a.qcow2', 'qcow2-check/check@1'],
    ['--json check a.qcow2', 'qcow2-check/check@1'],
    ['--json info a.qcow2', 'qcow2-check/info@1'],
    ['-q --json --no-color info a.qcow2', 'qcow2-check/info@1'],
    ['--json -- info', 'qcow2-check/check@1'],
    ['--json ./info', 'qcow2-check/check@1'],
    ['check --json info', 'qcow2-check/check@1'],
    ['--json -- -x.qcow2', 'qcow2-check/check@1'],
    ['--json -U a.qcow2', 'qcow2-check/check@1'],
    ['--json --max-findings 3 a.qcow2', 'qcow2-check/check@1'],
    ['--ndjson a.qcow2', 'qcow2-check/check@1'],
    ['--json -r all a.qcow2', 'qcow2-check/check@1'],
    ['plan --json a.qcow2', 'qcow2-check/plan@1'],
    ['--json repair -n a.qcow2', 'qcow2-check/repair@1'],
    ['--json --allow free-leaks repair -n a.qcow2', 'qcow2-check/repair@1'],
    ['--json -O raw rescue a.qcow2 -n -o out.raw', 'qcow2-check/rescue@1'],
  ])

  it('is the word that names one, with a warning where a file of that name lies there', () => {
    const ran = run('info a.qcow2')
    expect(ran.status).toBe(0)
    expect(ran.stderr).toContain("'info' is taken for the command")
    expect(ran.stderr).toContain('./info')
    expect(run('info -q a.qcow2').stderr).toBe('')
  })

  holdMissing('qcow2-check', run, 64, [
    '',
    'check',
    '--json',
    '--data',
    'plan',
    'undo a.qcow2',
    'rescue a.qcow2',
  ])
})

holdAnswers('qcow2-check', run, [
  ['--help', /Usage: qcow2-check.*rescue.*--allow-path/s],
  ['-h', /--max-findings/],
  ['help', /--max-findings/],
  ['help undo', /qcow2-check undo/],
  ['repair --help', /--assume-offline/],
  ['plan -V', /^(qcow2-check )?\d+\.\d+\.\d+\n$/],
])

holdRefusals('qcow2-check', run, 64, [
  ['--max-finding 3 a.qcow2', '--max-findings'],
  ['rapair a.qcow2', 'did you mean the command `repair`?'],
  ['-r most a.qcow2', 'leaks, all'],
  ['--max-findings x a.qcow2', '--max-findings'],
  ['plan a.qcow2 --allow everything', 'free-leaks'],
  ['plan a.qcow2 --allow free-leaks,', 'it is empty'],
  ['rescue a.qcow2 -O vmdk -o x', 'raw, qcow2'],
  ['rescue a.qcow2 -O raw -o x --cluster-size 17', '--cluster-size'],
  ['nowhere.qcow2', 'no such file: nowhere.qcow2'],
  ['.', 'is a folder'],
])

it('an image whose name is no UTF-8 is checked, shown and named as it is', () => {
  const within = `cp ${join(scratch.path, 'a.qcow2')} "$(printf 'b\\377.qcow2')" && exec "$@" "$(printf 'b\\377.qcow2')"`
  const ran = qcow2Check(['--json'], { cwd: scratch.path, within })
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  expect(JSON.parse(ran.stdout)).toMatchObject({ path: 'b\ufffd.qcow2', pathBase64: 'Yv8ucWNvdzI=' })
  expect(qcow2Check([], { cwd: scratch.path, within }).stdout).toMatch(/^b\\xff\.qcow2: consistent/)
  expect(qcow2Check(['info'], { cwd: scratch.path, within }).stdout).toMatch(/^b\\xff\.qcow2: QEMU opens it/)
})
