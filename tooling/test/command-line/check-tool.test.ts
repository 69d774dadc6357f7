import { Command } from '@commander-js/extra-typings'
import { describe, expect, it } from 'vitest'
import { checkTool } from '../../src/command-line/check-tool.ts'
import { addCommonOptions, commonTakesValue } from '../../src/command-line/common-options.ts'
import { type BareCommand, defineCommand, type OperandDefinition } from '../../src/command-line/index.ts'
import { sampleTool } from './sample-tool/cli.ts'
import { starterTool } from './starter-tool.ts'

const withCommand = (
  options: (command: BareCommand) => { opts(): object },
  operands: readonly OperandDefinition[] = [],
  name = 'extra',
) => ({
  ...sampleTool,
  commands: [
    ...sampleTool.commands,
    defineCommand({
      name,
      summary: 'more',
      operands,
      options,
      examples: [],
      load: async () => ({ run: async () => undefined }),
    }),
  ],
})

describe('a definition', () => {
  it('that can be told on a command line is taken', () => {
    expect(() => checkTool(sampleTool)).not.toThrow()
    expect(() => checkTool(starterTool)).not.toThrow()
  })

  it.each([
    ['takes an optional value', withCommand((c) => c.option('--color [when]'))],
    ['takes a variadic value', withCommand((c) => c.option('--files <file...>'))],
    ['takes a value in one command and none in another', withCommand((c) => c.option('--policy'))],
    ['takes a value in one command and none in another', withCommand((c) => c.option('-o'))],
    ['means `--dry-run` and nothing else', withCommand((c) => c.option('-n, --number <count>'))],
    ['is not a letter', withCommand((c) => c.option('-1, --one'))],
    ['is taken', withCommand((c) => c, [], 'help')],
    ['is taken', withCommand((c) => c, [], 'merge')],
    ['conflict', withCommand((c) => c.option('-q, --quick'))],
    ['is not declared', { ...sampleTool, defaultCommand: 'none' }],
    [
      'two repeated operands',
      withCommand(
        (c) => c,
        [
          { name: 'A', kind: 'path', repeat: true },
          { name: 'B', kind: 'path', repeat: true },
        ],
      ),
    ],
    [
      'a required operand after an optional one',
      withCommand(
        (c) => c,
        [
          { name: 'A', kind: 'path', required: false },
          { name: 'B', kind: 'path' },
        ],
      ),
    ],
  ])('is refused: %s', (why, tool) => {
    expect(() => checkTool(tool)).toThrow(why)
  })

  it('has the common options that the quick look-up knows', () => {
    const command = new Command()
    command.helpOption(false)
    addCommonOptions(command)
    const declared = command.options.flatMap(({ short, long, required }) =>
      [short, long].flatMap((spelling) => (spelling ? [[spelling, required] as const] : [])),
    )
    expect(new Map(declared)).toEqual(commonTakesValue)
  })
})
