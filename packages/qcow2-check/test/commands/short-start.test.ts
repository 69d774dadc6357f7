import { PassThrough } from 'node:stream'
import { type DeclaredCommand, runTool } from '@nightshift/tooling/command-line'
import { expect, it } from 'vitest'

Object.assign(globalThis, { __VERSION__: '0.0.0' })
const { tool } = await import('../../src/cli.ts')
const { start } = await import('../../src/short-start.ts')

it('knows the words that are no images', () => {
  expect(tool.defaultCommand).toBe(start.command.name)
  expect(start.words).toEqual([...tool.commands.map(({ name }) => name), 'help'])
})

it('has the values of options that nobody gave', async () => {
  const seen: object[] = []
  const load: DeclaredCommand['load'] = async () => ({
    run: async (_context, _operands, options: object) => {
      seen.push(options)
    },
  })
  const commands = tool.commands.map((command) => ({ ...command, load }))
  const io = { stdin: process.stdin, stdout: new PassThrough(), stderr: new PassThrough(), env: {} }
  expect(
    await runTool({ ...tool, commands }, ['image.qcow2'], {
      ...io,
      fileExists: () => true,
      journal: () => false,
    }),
  ).toBe(0)
  expect(seen).toEqual([start.options])
})
