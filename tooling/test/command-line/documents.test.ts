import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { manPage, optionsMarkdown, replaceBlock } from '../../src/command-line/generate/index.ts'
import { sampleTool } from './sample-tool/cli.ts'
import { starterTool } from './starter-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'man-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What man(1) shows, as plain text. */
function shown(page: string): { text: string; warnings: string } {
  const file = join(folder, 'tool.1')
  writeFileSync(file, page)
  const result = spawnSync('man', ['--warnings', '-l', file], {
    env: { PATH: process.env.PATH, MANWIDTH: '80', LC_ALL: 'C.UTF-8', MANPAGER: 'cat' },
    encoding: 'utf8',
  })
  return { text: result.stdout, warnings: result.stderr }
}

describe('the man page', () => {
  it.each([sampleTool, starterTool])('is taken by man without a warning', (tool) => {
    expect(shown(manPage(tool)).warnings).toBe('')
  })

  it('shows commands, options, exit codes and environment', () => {
    const { text } = shown(manPage(sampleTool))
    expect(text).toContain('sample-tool - fills the holes of NEW from OLD')
    expect(text).toContain('sample-tool [merge] [options] OLD [OLD ...] NEW')
    expect(text).toMatch(/-o, --output file\n +Write the result here \[and not to NEW\]\./)
    expect(text).toMatch(
      /--policy rule\n +What becomes of a cell that both know \(fill, prefer-old, sum;\n +default: fill\)\./,
    )
    expect(text).toMatch(/5 +Could not write\./)
    expect(text).toContain("sample-tool -n 'o l d.rrd' new.rrd")
    expect(text).toMatch(/SAMPLE_ADDRESS\n +Address of the daemon; --daemon wins\./)
  })

  it('keeps what roff would obey: backslashes, leading dots, quotes, hyphens, letters beyond ASCII', () => {
    const odd = '.dot \\fBnot bold\\fR \'quote\' "double" ^~` - é €'
    const { text, warnings } = shown(manPage({ ...sampleTool, details: `${odd}\n\n'lone\n\n.SH no` }))
    expect(warnings).toBe('')
    expect(text).toContain(odd)
    expect(text).toContain("'lone")
    expect(text).toContain('       .SH no')
  })

  it('is the same each time', () => {
    expect(manPage(sampleTool)).toBe(manPage(sampleTool))
  })
})

describe('the options of a README', () => {
  it('are tables that Markdown takes', () => {
    const markdown = optionsMarkdown(sampleTool)
    expect(markdown).toContain('### `sample-tool [merge] [options] OLD [OLD ...] NEW`')
    expect(markdown).toContain(
      '| `--policy <rule>` | what becomes of a cell that both know (fill, prefer-old, sum; default: fill) |',
    )
    expect(markdown).toContain('| 1 | a file is broken |')
    const tables = markdown.split('\n').filter((line) => line.startsWith('|'))
    expect(tables.filter((line) => line.split(/(?<!\\)\|/).length !== 4)).toEqual([])
  })

  it('replace what stands between the markers, and nothing else', () => {
    const readme = 'a\n<!-- options:begin -->\nold\n<!-- options:end -->\nb $& $1\n'
    const once = replaceBlock(readme, 'options', 'new $&\n')
    expect(once).toBe('a\n<!-- options:begin -->\n\nnew $&\n\n<!-- options:end -->\nb $& $1\n')
    expect(replaceBlock(once, 'options', 'new $&\n')).toBe(once)
    expect(() => replaceBlock('a', 'options', 'b')).toThrow('has no <!-- options:begin -->')
  })
})

describe('completion scripts', () => {
  it.each(['bash', 'zsh', 'fish'] as const)('of %s can be read by it', async (shell) => {
    const { completionScript } = await import('../../src/command-line/generate/completion.ts')
    const { toolModel } = await import('../../src/command-line/model.ts')
    for (const tool of [sampleTool, starterTool]) {
      const file = join(folder, `${tool.name}.${shell}`)
      writeFileSync(file, completionScript(toolModel(tool), shell))
      execFileSync(shell, ['-n', file])
    }
  })
})
