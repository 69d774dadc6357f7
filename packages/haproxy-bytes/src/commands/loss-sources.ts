import type { CommandContext } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import type { Zone } from '../clock/index.ts'
import type { LossReader } from '../library/loss-reader.ts'
import { isOfDaemon, JournalReader } from '../loss/index.ts'
import { openLog } from '../source/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { scanLogs } from './log-input.ts'

/** What `addLossSources` gives. */
export interface LossSources {
  readonly syslog?: readonly string[] | undefined
  readonly journal?: FileName | undefined
}

/**
 * Reads what log daemons wrote elsewhere.
 *
 * @returns whether all could be read; what couldn't be is told on stderr
 * @throws HaproxyBytesError where the journal can't be opened
 */
export async function readLossSources(
  context: CommandContext,
  { syslog = [], journal }: LossSources,
  zone: Zone,
  losses: LossReader,
): Promise<boolean> {
  const { failures } = await scanLogs(
    context,
    syslog,
    { formats: [], zone },
    { line: (_, line) => losses.message(line) },
  )
  if (journal !== undefined) await readJournal(fileNameText(journal), losses, context.signal)
  return failures.length === 0
}

async function readJournal(path: string, losses: LossReader, signal: AbortSignal): Promise<void> {
  const log = await openLog(path)
  try {
    const journal = new JournalReader((entry) => {
      if (isOfDaemon(entry)) losses.logs.message(entry.message, path, entry.instant)
    })
    for await (const chunk of log.chunks({ signal })) journal.write(chunk)
    journal.end()
  } finally {
    await log.close()
  }
}

/** Lines near an end of the span overtake each other: what lies beyond it tells whether a number is missing. */
const SLACK = 5000

/** The span with its neighbourhood. */
export const widened = ({ since, until }: TimeSpan): TimeSpan => ({
  since: since === undefined ? since : since - SLACK,
  until: until === undefined ? until : until + SLACK,
})
