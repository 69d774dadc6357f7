import { describe, expect, it } from 'vitest'
import { ran } from './memory-io.ts'
import { sampleTool } from './sample-tool/cli.ts'
import { starterTool } from './starter-tool.ts'

const sample = (line: string) => ran(sampleTool, line.split(' '))
const starter = (line: string) => ran(starterTool, line.split(' '))

describe('what is printed in place of work', () => {
  it('has no line over 80 columns, whatever the terminal', async () => {
    for (const line of ['--help', 'merge --help', 'info -h', 'help stream', 'help']) {
      const { code, stdout, stderr } = await ran(sampleTool, line.split(' '), { env: { COLUMNS: '200' } })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([])
    }
  })

  it('is the tool with its default command, or one command', async () => {
    const { stdout } = await sample('--help')
    expect(stdout).toContain('--policy <rule>')
    expect(stdout).toContain('  info    show what is in a file')
    expect(stdout.indexOf('Examples:')).toBeLessThan(stdout.indexOf('Commands:'))
    expect((await sample('help')).stdout).toBe(stdout)
    const info = (await sample('--json info x --nonsense --help')).stdout
    expect(info).toContain('-l, --long')
    expect(info).not.toContain('--policy')
    expect(info).toContain('    1  a file is broken')
    expect((await sample('help info')).stdout).toBe(info)
  })

  it('names an unknown topic', async () => {
    expect(await sample('help nonsense')).toMatchObject({ code: 2, stdout: '' })
  })

  it('is the version', async () => {
    expect(await sample('a -V')).toEqual({ code: 0, stdout: 'sample-tool 1.2.3\n', stderr: '' })
    expect(await starter('-V')).toMatchObject({ code: 0 })
  })

  it('is a completion script, of a known shell', async () => {
    expect((await sample('--completion fish')).stdout).toContain('complete -c sample-tool')
    expect(await sample('--completion csh')).toMatchObject({ code: 2, stdout: '' })
    expect(await sample('--completion')).toMatchObject({ code: 2, stdout: '' })
  })
})
