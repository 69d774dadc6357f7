import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { InvalidArgumentError } from '@nightshift/tooling/command-line'
import { describeError } from '@nightshift/tooling/errors'
import {
  CountersError,
  LateAnswerError,
  parseStatsAddress,
  type Snapshot,
  type StatsAddress,
  statsAddressText,
  takeSnapshot,
} from '../counters/index.ts'
import { HaproxyBytesError } from '../errors.ts'
import { groupName } from '../source/refusal.ts'

/** The value of `--socket`. */
export function statsSocket(text: string): StatsAddress {
  const address = parseStatsAddress(text)
  if (address === undefined)
    throw new InvalidArgumentError('it must be a path or HOST:PORT, as `stats socket` of haproxy.cfg has it.')
  return address
}

/** @throws HaproxyBytesError `unreadable` */
export async function snapshotOf(
  address: StatsAddress,
  timeout: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  try {
    return await takeSnapshot(address, { timeout, signal })
  } catch (error) {
    signal.throwIfAborted()
    throw unanswered(error, address)
  }
}

function unanswered(error: unknown, address: StatsAddress): unknown {
  const name = statsAddressText(address)
  const failure = (why: string, remedy: string) =>
    new HaproxyBytesError('unreadable', name, why, { remedy, cause: error })
  if (error instanceof LateAnswerError)
    return failure(
      error.message,
      'is it a socket of HAProxy at all? A busy one gets more time with --timeout',
    )
  if (error instanceof CountersError)
    return failure(
      'what answered gave no counters',
      'name a `stats socket` of HAProxy, not one of its `bind` lines',
    )
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  if (code === 'EACCES' && address.kind === 'unix')
    return failure('permission denied (EACCES)', whoMay(address.path))
  return failure(describeError(error).message, REMEDIES[code] ?? 'look at `stats socket` in haproxy.cfg')
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: '`stats socket` in haproxy.cfg says where it is; without one add it to the section global',
  ECONNREFUSED: 'the socket is there and nobody listens: does HAProxy run?',
}

/** Connecting takes the right to write to the socket, and to search each folder above it. */
function whoMay(path: string): string {
  let barrier = path
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      accessSync(folder, constants.X_OK)
    } catch {
      barrier = folder
    }
  }
  const gid = statSync(barrier, { throwIfNoEntry: false })?.gid
  return gid === undefined || gid === 0
    ? 'run as root, or give the socket a group: `stats socket ... mode 660 group NAME`'
    : `it takes the group ${groupName(gid)}: run as a member of it, or as root`
}
