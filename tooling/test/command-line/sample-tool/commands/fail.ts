import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { CommandContext } from '../../../../src/command-line/index.ts'
import { Failure } from '../../../../src/errors/index.ts'
import type { FailOptions } from '../options.ts'

/** An error of a library that knows nothing of this house. */
class ForeignError extends Error {
  readonly code = 'ENOTRRD'
  readonly path = 'a\nb.rrd'
  readonly offset = 31
  readonly remedy = 'name an RRD'
}

const ways: Readonly<Record<string, (context: CommandContext) => unknown>> = {
  plain: () => (undefined as unknown as { readonly field: string }).field,
  own: () => {
    throw new Failure('BROKEN', 'x.rrd is cut short', { remedy: 'restore a backup', exitCode: 4 })
  },
  structural: () => {
    throw new ForeignError('no RRD cookie')
  },
  system: () => readFileSync('/nonexistent/x'),
  abort: () => {
    throw new DOMException('aborted', 'AbortError')
  },
  /** Stops when it is asked to, and says so on stdout. */
  slow: async ({ signal, out }) => {
    await out.line('started')
    await setTimeout(30_000, undefined, { signal })
  },
  /** Takes no notice of the first signal. */
  late: async ({ signal, out }) => {
    await out.line('started')
    signal.addEventListener('abort', () => void out.line('asked'))
    await setTimeout(30_000)
  },
}

/** Fails as HOW says. */
export async function run(
  context: CommandContext,
  [how = '']: readonly string[],
  _options: FailOptions,
): Promise<void> {
  await ways[how]?.(context)
}
