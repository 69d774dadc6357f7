import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../checks/run.ts'
import { withScratch } from '../../checks/scratch.ts'
import { initRepository } from '../checks/scratch-repository.ts'

const TOOLING = join(import.meta.dirname, '../..')

const CLI = `import { defineCommand, defineTool } from '${TOOLING}/src/command-line/index.ts'
declare const __VERSION__: string
const cut = defineCommand({
  name: 'cut',
  summary: 'Cut one file',
  operands: [{ name: 'FILE', kind: 'file' }],
  options: (command) => command,
  examples: [{ what: 'Cut it', command: 'sharp cut a' }],
  load: () => import('./cut.ts'),
})
export const tool = defineTool({
  name: 'sharp',
  version: __VERSION__,
  summary: 'Cuts files',
  commands: [cut],
  examples: [{ what: 'Cut it', command: 'sharp cut a' }],
  exitCodes: [[0, 'done']],
  homepage: 'https://example.org',
  bugs: 'https://example.org/bugs',
})
`

test('the build writes a man page from the definition, with the version of the manifest, the same each time', async () => {
  await withScratch('man', async (top) => {
    const { write } = await initRepository(top)
    write({ 'package.json': '{ "name": "sharp", "version": "1.2.3", "type": "module" }', 'src/cli.ts': CLI })
    const build = () => run(join(TOOLING, 'build/write-man-page.mjs'), [], { cwd: top })
    expect(await build()).toEqual({ status: 0, stdout: '', stderr: '' })
    const page = readFileSync(join(top, 'man/sharp.1'), 'utf8')
    expect(page).toMatch(/^\.TH .*sharp 1\.2\.3/)
    await build()
    expect(readFileSync(join(top, 'man/sharp.1'), 'utf8')).toBe(page)
    const shown = await run('man', ['--warnings', '-l', 'man/sharp.1'], { cwd: top })
    expect(shown).toMatchObject({ status: 0, stderr: '' })
    expect(shown.stdout).toContain('Cut one file')
  })
})
