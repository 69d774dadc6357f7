import { describe, expect, it } from 'vitest'

/** Runs a tool with the words of a line. */
export type RunLine = (line: string) => {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Lines, each with the schema of the document that it prints: that names the command which was meant. */
export function holdCommands(run: RunLine, rows: readonly (readonly [line: string, schema: string])[]): void {
  it.each(rows)('%s: %s', (line, schema) => {
    const { status, stdout } = run(line)
    expect([status, (JSON.parse(stdout) as { schema: string }).schema]).toEqual([0, schema])
  })
}

/** What a tool answers without operands; help, its version and completions, however they are asked for. */
export function holdAnswers(
  tool: string,
  run: RunLine,
  rows: readonly (readonly [line: string, said: RegExp])[],
): void {
  const version = new RegExp(`^(${tool} )?\\d+\\.\\d+\\.\\d+\\n$`)
  describe('what needs no operands', () => {
    it.each([
      ...rows,
      ['-V', version],
      ['--version', version],
      ['--completion bash', new RegExp(`complete .*${tool}`)],
      ['--completion=zsh', new RegExp(`#compdef ${tool}`)],
      ['--completion fish', new RegExp(`complete -c ${tool}`)],
    ] as const)('%s', (line, said) => {
      const ran = run(line)
      expect(ran).toMatchObject({ status: 0, stderr: '' })
      expect(ran.stdout).toMatch(said)
    })
  })
}

/** Lines that are wrong usage, each with what the message names as the right one. */
export function holdRefusals(
  tool: string,
  run: RunLine,
  status: number,
  rows: readonly (readonly [line: string, said: string])[],
): void {
  describe('what is refused, with a suggestion', () => {
    it.each(rows)('%s', (line, said) => {
      const ran = run(line)
      expect(ran).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(said) })
      // After a warning, where a file is named like the command.
      expect(ran.stderr).toMatch(new RegExp(`^${tool}: error: `, 'm'))
    })
  })
}

/** Lines that lack operands. */
export function holdMissing(tool: string, run: RunLine, status: number, lines: readonly string[]): void {
  it.each(lines)('misses its operands on stderr: %s', (line) => {
    const ran = run(line)
    expect(ran.status).toBe(status)
    expect(ran.stderr).toMatch(new RegExp(`^${tool}: error: `))
    expect(ran.stderr).toContain(`Usage: ${tool}`)
  })
}
