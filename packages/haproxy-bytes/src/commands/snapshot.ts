import { constants, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type CommandContext, jsonPath, UsageError } from '@nightshift/tooling/command-line'
import { asFileError, FileError, type FileName, fileNameText, resolvePath } from '@nightshift/tooling/files'
import { CountersError, type Snapshot, SnapshotFile } from '../counters/index.ts'
import { HaproxyBytesError } from '../errors.ts'
import type { SnapshotOptions } from './snapshot.options.ts'
import { snapshotOf } from './stats-socket.ts'

/** `haproxy-bytes snapshot --socket S -o FILE` */
export async function run(
  context: CommandContext,
  _operands: readonly string[],
  { socket, output, every, count, timeout }: SnapshotOptions,
): Promise<number> {
  const { signal, log } = context
  if (count !== undefined && every === undefined) throw new UsageError('--count goes with --every')
  if (every !== undefined && every < 100) throw new UsageError('--every: at least 100ms')
  const last = every === undefined ? 1 : (count ?? Number.POSITIVE_INFINITY)
  const start = Date.now()
  // The first tells whether the address is right: only then is a file made.
  let snapshot: Snapshot | undefined = await snapshotOf(socket, timeout, signal)
  const file = openSnapshots(output)
  try {
    if (file.healed > 0)
      log.info(`${fileNameText(output)}: a line that a killed run had left unfinished is gone`)
    let taken = 0
    for (;;) {
      if (snapshot !== undefined) {
        append(file, snapshot, output)
        taken++
      }
      if (every === undefined || taken >= last) break
      // On the beat, whatever each of them takes.
      await pause(every - ((Date.now() - start) % every), undefined, { signal })
      // HAProxy may be gone for a moment while it is restarted: the next one shows it.
      snapshot = await snapshotOf(socket, timeout, signal).catch((error: unknown) => {
        if (!(error instanceof HaproxyBytesError)) throw error
        log.warn(error.message, { code: 'snapshot-missed', ...(error.remedy && { remedy: error.remedy }) })
        return undefined
      })
    }
    if (context.flags.json) await context.out.json({ ...jsonPath(output), snapshots: taken })
    return 0
  } finally {
    file.close()
  }
}

function append(file: SnapshotFile, snapshot: Snapshot, output: FileName): void {
  try {
    file.append(snapshot)
  } catch (error) {
    throw notWritten(error, output)
  }
}

/** Opens it to append; it is made with the rights of a log. */
function openSnapshots(output: FileName): SnapshotFile {
  try {
    const { folder, name, stats } = resolvePath(output)
    try {
      if (stats && !stats.isFile()) throw new FileError('not-regular', output, 'is no regular file')
      const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants
      return new SnapshotFile(openSync(folder.entry(name), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o640))
    } finally {
      folder.close()
    }
  } catch (error) {
    throw notWritten(error, output)
  }
}

function notWritten(error: unknown, output: FileName): unknown {
  const name = fileNameText(output)
  if (error instanceof CountersError)
    return new HaproxyBytesError('not-written', name, 'it holds something else than snapshots', {
      remedy: 'name another file for -o',
      cause: error,
    })
  const failure = asFileError(error, output, 'cannot write')
  if (!(failure instanceof FileError)) return failure
  const why = failure.message.startsWith(`${name}: `)
    ? failure.message.slice(name.length + 2)
    : failure.message
  const remedy = failure.remedy === undefined ? {} : { remedy: failure.remedy }
  return new HaproxyBytesError('not-written', name, why, { ...remedy, cause: failure })
}
