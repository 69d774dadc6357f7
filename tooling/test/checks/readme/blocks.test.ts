import { expect, test } from 'vitest'
import { codeBlocks } from '../../../checks/readme/blocks.ts'

test('gives language, code and line of every block', () => {
  const markdown = [
    '# x',
    '```sh',
    'a',
    '',
    'b',
    '```',
    'text',
    '~~~ts title',
    'let a',
    '~~~',
    '```',
    'c',
    '```',
  ].join('\n')
  expect(codeBlocks(markdown)).toEqual([
    { language: 'sh', code: 'a\n\nb\n', line: 2 },
    { language: 'ts', code: 'let a\n', line: 8 },
    { language: '', code: 'c\n', line: 11 },
  ])
})

test('a longer fence holds shorter ones', () => {
  expect(codeBlocks('````md\n```sh\na\n```\n````')).toEqual([
    { language: 'md', code: '```sh\na\n```\n', line: 1 },
  ])
})

test('a block that is never closed is an error with its line', () => {
  expect(() => codeBlocks('a\n\n```sh\nb\n')).toThrow('line 3')
})
