import type { StatsAddress } from './address.ts'
import { type AskOptions, askHaproxy } from './ask-haproxy.ts'
import type { Snapshot } from './counters.ts'
import { CountersError } from './counters-error.ts'
import { readCounters } from './read-counters.ts'

/**
 * Rows of frontends and backends alone (type 1 and 2 of `show stat <iid> <type> <sid>`): HAProxy can't be asked for
 * columns, and servers are most of the rows. Its own answers count in TotalBytesOut.
 */
const COMMANDS = 'show info;show stat -1 3 -1'

/**
 * Looks at a running HAProxy once. Its time is that before it was asked: whatever ended earlier is counted.
 * @throws CountersError where what answers is no HAProxy, or gives its counters to nobody
 */
export async function takeSnapshot(address: StatsAddress, options: AskOptions = {}): Promise<Snapshot> {
  const time = Date.now()
  const [snapshot] = readCounters(await askHaproxy(address, COMMANDS, options))
  if (snapshot === undefined || snapshot.pid === undefined) throw new CountersError('no-counters')
  return { ...snapshot, time }
}
