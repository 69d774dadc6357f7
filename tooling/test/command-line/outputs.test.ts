import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { checkOutputs } from '../../src/command-line/index.ts'
import { scratch } from '../files/support.ts'

let folder: string
const at = (name: string): string => join(folder, name)
beforeEach(() => {
  folder = scratch()
  writeFileSync(at('input'), 'input')
  linkSync(at('input'), at('hard'))
  symlinkSync('input', at('soft'))
  mkdirSync(at('folder'))
})

it.each([
  ['the input', 'input', /-o: .*input is an input itself/],
  ['a hard link to it', 'hard', /is an input itself/],
  ['a symbolic link to it', 'soft', /is an input itself/],
  ['it by another way', 'folder/../input', /is an input itself/],
  ['a folder', 'folder', /is a folder/],
])('refuses %s', (_what, name, said) => {
  expect(() => checkOutputs([['-o', at(name)]], [at('input')])).toThrow(said)
})

it('refuses two outputs of one name, also where no file is yet', () => {
  const outputs = [
    ['-o', at('new')],
    ['--map', `${folder}/./new`],
  ] as const
  expect(() => checkOutputs(outputs, [at('input')])).toThrow(/--map: .*new is the file of -o itself/)
})

it('takes what is new, and options that were not given', () => {
  checkOutputs(
    [
      ['-o', at('new')],
      ['--map', undefined],
    ],
    [at('input'), Buffer.from(at('b\xff'), 'latin1')],
  )
})
