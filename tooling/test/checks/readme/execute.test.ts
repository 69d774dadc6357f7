import { expect, test } from 'vitest'
import type { CodeBlock } from '../../../checks/readme/blocks.ts'
import { executeBlock, transcript } from '../../../checks/readme/execute.ts'
import { withScratch } from '../../../checks/scratch.ts'

function block(language: string, code: string): CodeBlock {
  return { language, code, line: 1 }
}

function execute(one: CodeBlock) {
  return withScratch('readme', (folder) => executeBlock(one, folder, process.env))
}

test.each([
  ['sh', 'echo one | tr o O\n', 'One\n'],
  ['ts', "const text: string = await Promise.resolve('two')\nconsole.log(text)\n", 'two\n'],
  ['js', "import { sep } from 'node:path'\nconsole.log(sep)\n", '/\n'],
])('%s runs', async (language, code, stdout) => {
  expect(await execute(block(language, code))).toEqual({ status: 0, stdout, stderr: '' })
})

test.each([
  ['sh', 'false\necho never\n'],
  ['sh', 'false | true\necho never\n'],
  ['ts', 'throw new Error("no")\n'],
])('%s that fails says so: %j', async (language, code) => {
  const ran = await execute(block(language, code))
  expect(ran?.status).not.toBe(0)
  expect(ran?.stdout).toBe('')
})

test('other languages are not run', async () => {
  expect(await execute(block('json', '{}'))).toBeUndefined()
})

test('a console block is given back as it reads today', async () => {
  const told = block('console', '$ x=1; echo "it\'s" $x\nit\'s 2\n$ echo $x >&2\n1\n')
  const now = await withScratch('readme', (folder) => transcript(told, folder, process.env))
  expect(now).toBe('$ x=1; echo "it\'s" $x\nit\'s 1\n$ echo $x >&2\n1\n')
})
