import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { progressText } from '../../src/terminal/progress-line.ts'
import { RateMeter } from '../../src/terminal/rate.ts'
import { type BuiltSample, buildSample } from '../command-line/built-sample.ts'

let sample: BuiltSample
beforeAll(async () => {
  sample = await buildSample()
})
afterAll(() => sample.remove())

/** What the sample's `work` shows on a terminal (`script` gives it one). */
function onTerminal(line: string): string {
  const env = { PATH: process.env.PATH ?? '', T: sample.cli, TERM: 'xterm' }
  return spawnSync('script', ['-qec', line, '/dev/null'], { env, encoding: 'utf8', input: '' }).stdout
}

describe('progress', () => {
  it('is shown on a terminal once work lasts, and gone before a log line and at the end', () => {
    const text = onTerminal('$T work 1800')
    expect(text).toMatch(/working {2}\d+ % {2}\[#+-+\] {2}[\d,]+ of 1,800 {2}[\d,]+\/s/)
    expect(text).toContain('\r\u001b[Ksample-tool: ')
    expect(text.trimEnd().endsWith('\u001b[Kdone')).toBe(true)
  })

  it('is not shown for short work, with -q, or off a terminal', () => {
    expect(onTerminal('$T work 300')).not.toContain('working')
    expect(onTerminal('$T -q work 1500')).not.toContain('working')
    expect(onTerminal('$T work 1500 2>&1 | cat')).not.toContain('working')
  })

  it('fits the terminal, and tells rate and time left', () => {
    const meter = new RateMeter(0)
    for (let at = 100; at <= 5000; at += 100) meter.observe(at * 1024, at)
    const state = { what: 'reading', unit: 'bytes', total: 10_240_000, done: 5_120_000, began: 0 } as const
    expect(progressText(state, meter, 100)).toBe(
      'reading  50 %  [##########----------]  4.9 MiB of 9.8 MiB  1000 KiB/s  5 s left',
    )
    expect(progressText(state, meter, 20)).toHaveLength(19)
    expect(progressText({ ...state, total: undefined }, new RateMeter(0), 80)).toBe('reading  4.9 MiB')
  })
})
