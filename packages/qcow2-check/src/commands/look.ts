import type { CommandContext } from '@nightshift/tooling/command-line'
import { type Survey, type SurveyOptions, survey } from '../check/index.ts'
import type { Image } from '../image/index.ts'
import type { FileSource } from '../source/index.ts'
import { lockTableBytes } from './locks-ahead.ts'
import type { Opened } from './opened.ts'

export interface Looked {
  readonly survey: Survey
  /** Who uses the image meanwhile: then the survey has what two looks at it have in common. */
  readonly advisory?: string
}

type LookOptions = Pick<SurveyOptions, 'data' | 'maxFindings'>

/** Surveys an image; a second time where something is wrong and somebody uses it. */
export async function look(
  context: CommandContext,
  { image, source, again }: Opened,
  options: LookOptions = {},
): Promise<Looked> {
  const locked = isLocked(source)
  const first = await surveyed(context, image, options)
  // Waited for in any case: the descriptor is closed soon.
  const held = await locked
  if (first.verdict === 'consistent' && !held) return { survey: first }
  const { lookAtUse } = await import('../repair/in-use.ts')
  const use = lookAtUse(source.fd, source.name)
  if (use.state !== 'in-use') return { survey: first }
  if (first.verdict === 'consistent') return { survey: first, advisory: use.why }
  const second = await surveyed(context, await again(), options)
  const { stableSurvey } = await import('../check/stable-survey.ts')
  return { survey: stableSurvey(first, second, use.why), advisory: use.why }
}

async function surveyed(context: CommandContext, image: Image, options: LookOptions): Promise<Survey> {
  const progress = context.progress({ what: 'checking', unit: 'bytes' })
  try {
    return await survey(image, {
      ...options,
      signal: context.signal,
      onProgress: (done, total) => {
        progress.setTotal(total)
        progress.update(done)
      },
    })
  } finally {
    progress.stop()
  }
}

/** Locks that conflict with QEMU's, as /proc/locks names them; where it has none, how it names the file needn't be known. */
const CONFLICTING = ['POSIX', 'OFDLCK']

/** Does any process hold a lock? Descriptors without locks are only looked for where something is wrong. */
async function isLocked(source: FileSource): Promise<boolean> {
  const table = await lockTableBytes()
  if (table === undefined || !CONFLICTING.some((kind) => table.includes(kind))) return false
  return (await import('./held-lock.ts')).isNamed(table, source)
}
