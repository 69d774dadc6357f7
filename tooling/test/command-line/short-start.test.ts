import { describe, expect, test } from 'vitest'
import {
  defineCommand,
  defineTool,
  integer,
  type ShortStart,
  type ToolIo,
} from '../../src/command-line/index.ts'
import { runShort } from '../../src/command-line/short-start.ts'
import { Kept, ran } from './memory-io.ts'

const identity = { name: 'look', version: '1.2.3', bugs: 'https://example.org/bugs', usageExitCode: 64 }
const check = {
  name: 'check',
  load: async () => ({
    run: async (
      { out, flags }: { out: { write(text: string): Promise<void> }; flags: object },
      operands: readonly string[],
      options: object,
    ) => {
      if (operands[0] === 'broken') throw Object.assign(new Error('it is broken'), { code: 'broken' })
      await out.write(JSON.stringify({ operands, options, flags }))
      return operands.length
    },
  }),
} as const
const rest = {
  summary: 'look',
  operands: [{ name: 'IMG', kind: 'file', repeat: true }],
  examples: [],
} as const
const tool = defineTool({
  ...identity,
  summary: 'look at files',
  defaultCommand: 'check',
  exitCodes: [],
  examples: [],
  homepage: 'https://example.org',
  commands: [
    defineCommand({
      ...check,
      ...rest,
      options: (command) => command.option('--most <n>', 'at most', integer({ min: 0 })),
    }),
    defineCommand({ ...rest, name: 'map', options: (command) => command, load: check.load }),
  ],
})
let loaded = 0
const start: ShortStart = {
  tool: identity,
  command: check,
  words: ['check', 'map', 'help'],
  options: {},
  load: async () => {
    loaded++
    return { tool }
  },
}

async function ranShort(argv: readonly string[], changes: Partial<ToolIo>) {
  const [stdout, stderr] = [new Kept(), new Kept()]
  const io = { stdin: process.stdin, stdout, stderr, env: {}, journal: () => false, fileExists: () => true }
  const code = await runShort(start, argv, { ...io, ...changes })
  return { code, stdout: stdout.text, stderr: stderr.text }
}

describe('a line is run as by runTool', () => {
  const files = new Set(['a', 'b', 'map', 'broken', 'chek'])
  const fileExists = (name: string) => files.has(name)

  test.each([
    [['a'], 0],
    [['a', 'b', 'gone'], 0],
    [['a', 'map'], 0],
    [['broken'], 0],
    [['chek'], 0],
    [['gone'], 1],
    [[], 1],
    [['map'], 1],
    [['map', 'a'], 1],
    [['help'], 1],
    [['check', 'a'], 1],
    [['a', '--most', '3'], 1],
    [['--most', 'x', 'a'], 1],
    [['a', '-q'], 1],
    [['-'], 1],
    [['--', 'a'], 1],
    [['mpa'], 1],
  ] as const)('%j; the tool is loaded %i times', async (argv, times) => {
    loaded = 0
    const short = await ranShort(argv, { fileExists })
    expect(loaded).toBe(times)
    expect(short).toEqual(await ran(tool, argv, { fileExists }))
  })
})
