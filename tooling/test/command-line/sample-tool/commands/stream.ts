import type { CommandContext } from '../../../../src/command-line/index.ts'
import type { StreamOptions } from '../options.ts'

/** Prints COUNT lines. */
export async function run(
  { out }: CommandContext,
  [count = '0']: readonly string[],
  { width = 80, ndjson }: StreamOptions,
): Promise<void> {
  const text = 'x'.repeat(width)
  for (let index = 0; index < Number(count); index += 1) {
    if (ndjson) await out.ndjson({ index, text })
    else await out.line(text)
  }
}
