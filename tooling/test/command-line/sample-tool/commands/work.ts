import { setTimeout } from 'node:timers/promises'
import type { CommandContext } from '../../../../src/command-line/index.ts'

/** Works for that many milliseconds. */
export async function run(
  { log, out, progress }: CommandContext,
  [milliseconds = '']: readonly string[],
): Promise<void> {
  const total = Number(milliseconds)
  const line = progress({ what: 'working', unit: 'items', total })
  const began = Date.now()
  let warned = false
  while (Date.now() - began < total) {
    await setTimeout(20)
    line.update(Date.now() - began)
    if (!warned && Date.now() - began > total * 0.85) {
      log.warn('nearly there')
      warned = true
    }
  }
  line.stop()
  await out.line('done')
}
