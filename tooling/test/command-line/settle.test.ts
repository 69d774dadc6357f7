import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { takesValueIn, toolModel } from '../../src/command-line/model.ts'
import { parse } from '../../src/command-line/parse.ts'
import { settle } from '../../src/command-line/settle.ts'
import { tokens } from '../../src/command-line/tokens.ts'
import { UsageError } from '../../src/errors/index.ts'
import { sampleTool } from './sample-tool/cli.ts'
import { starterTool } from './starter-tool.ts'

const spellings: readonly (readonly [line: string, command: string, args: string])[] = [
  ['a b', 'merge', 'a b'],
  ['merge a b', 'merge', 'a b'],
  ['info x', 'info', 'x'],
  ['--json info x', 'info', '--json x'],
  ['--policy fill merge a b', 'merge', '--policy fill a b'],
  ['--policy merge info x', 'info', '--policy merge x'],
  ['--policy=fill info x', 'info', '--policy=fill x'],
  ['--policy info x y', 'merge', '--policy info x y'],
  ['-o out merge a b', 'merge', '-o out a b'],
  ['-oout merge a b', 'merge', '-oout a b'],
  ['-o merge info x', 'info', '-o merge x'],
  ['-no out info x', 'info', '-no out x'],
  ['-noout info x', 'info', '-noout x'],
  ['-nq info x', 'info', '-nq x'],
  ['--output info a b', 'merge', '--output info a b'],
  ['--output=x info a', 'info', '--output=x a'],
  ['--output= info a', 'info', '--output= a'],
  ['--log-format json info a', 'info', '--log-format json a'],
  ['--map-ds info=merge info a', 'info', '--map-ds info=merge a'],
  ['-l info a', 'info', '-l a'],
  ['-- info x', 'merge', '-- info x'],
  ['--json -- info x', 'merge', '--json -- info x'],
  ['-o -- info x', 'info', '-o -- x'],
  ['info -- merge', 'info', '-- merge'],
  ['a info', 'merge', 'a info'],
  ['merge info merge', 'merge', 'info merge'],
  ['- info', 'merge', '- info'],
  ['-5 info', 'merge', '-5 info'],
  ['-1e3 info', 'merge', '-1e3 info'],
  ['--unknown info x', 'info', '--unknown x'],
  ['--unknown=info x', 'merge', '--unknown=info x'],
  ['-z info x', 'info', '-z x'],
  ['--json=1 info x', 'info', '--json=1 x'],
  ['./info x', 'merge', './info x'],
  ['--width 3 stream 5', 'stream', '--width 3 5'],
  ['Info x', 'merge', 'Info x'],
  ['inf x', 'merge', 'inf x'],
  ['constructor x', 'merge', 'constructor x'],
]

describe('the command of a command line', () => {
  const model = toolModel(sampleTool)

  it.each(spellings)('%s', (line, command, args) => {
    const settled = settle(model, line.split(' '))
    expect(settled.command?.definition.name).toBe(command)
    expect(settled.args.join(' ')).toBe(args)
    expect(settled.request).toBe('run')
  })

  it.each([
    ['', undefined, 'run'],
    ['--help', undefined, 'help'],
    ['-h', undefined, 'help'],
    ['-nh', undefined, 'help'],
    ['a --help', undefined, 'help'],
    ['--policy --help', undefined, 'run'],
    ['--unknown --help', undefined, 'help'],
    ['-- --help', undefined, 'run'],
    ['--version --help', undefined, 'help'],
    ['-V', undefined, 'version'],
    ['--completion bash', undefined, 'completion'],
    ['--completion=bash', undefined, 'completion'],
    ['info --help', 'info', 'help'],
    ['--help info', 'info', 'help'],
    ['help', undefined, 'help'],
    ['help info', 'info', 'help'],
    ['help --json info', 'info', 'help'],
    ['--json help info', 'info', 'help'],
  ])('%s asks for what it says', (line, command, request) => {
    const settled = settle(model, line === '' ? [] : line.split(' '))
    expect(settled.request).toBe(request)
    expect(settled.toolHelp).toBe(command === undefined)
    expect(settled.command?.definition.name).toBe(command ?? 'merge')
  })

  it('takes no command for granted where the tool has no default', () => {
    const starter = toolModel(starterTool)
    expect(settle(starter, ['--name', 'start', '--', 'export']).command).toBeUndefined()
    expect(settle(starter, ['--name', 'start', 'export']).command?.definition.name).toBe('export')
  })
})

describe('tokens', () => {
  const words = fc.constantFrom(
    ...[
      'a',
      'info',
      'merge',
      '-',
      '--',
      '-5',
      '-n',
      '-o',
      '-no',
      '-noX',
      '-on',
      '-q',
      '-l',
      '-nq',
      '--json',
      '--policy',
    ],
    ...[
      'fill',
      'sum',
      '--policy=sum',
      '--output',
      '--output=',
      '--from=now',
      '--daemon',
      'x=y',
      '--map-ds',
      '--log-format',
    ],
    ...['text', '--only-gaps-longer-than', '5m', 'now', '--dry-run', '', ' ', 'é', '--no-color'],
  )

  it('tell operands as commander tells them', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 2, maxLength: 8 }), (args) => {
        const model = toolModel(sampleTool)
        const merge = model.commands.get('merge')
        if (merge === undefined) throw new Error('no merge')
        try {
          parse(model, merge, args)
        } catch (error) {
          // Refused, whatever for: then nobody asks for operands. But not for something that is no option.
          expect(error).toBeInstanceOf(UsageError)
          return
        }
        const own = [...tokens(args, takesValueIn(model, merge))].flatMap((token) =>
          token.kind === 'operand' || token.kind === 'after-separator' ? [args[token.index]] : [],
        )
        expect(own).toEqual(merge.parser.args)
      }),
      { numRuns: 5000 },
    )
  })
})
