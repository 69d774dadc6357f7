import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { LogClock, Zone } from '../clock/index.ts'
import { type PartialSource, partialRows, SourceCounter } from '../partial/index.ts'
import { Scan, type ScannedLog, type ScanWarning } from '../scan/index.ts'
import { openedFile } from '../source/index.ts'
import { GroupTable, type Key, keyNamed } from '../totals/index.ts'
import type { FromThread, ThreadStart, Unit } from './messages.ts'

// The entry of a worker thread (dist/total-thread.cjs): counts one unit after the other, as they come.

const port = parentPort as MessagePort
const { formats, keys: names, zone: zoneName, ...start } = workerData as ThreadStart
const zone = new Zone(zoneName)
const clock = new LogClock(zone, Date.now())
const keys = names.map((name) => keyNamed(name, (instant) => clock.localTime(instant)) as Key)
const say = (message: FromThread): void => port.postMessage(message)
/** A message a chunk would wake the other thread a thousand times a gigabyte. */
const TOLD_EVERY = 1 << 25

async function count({ path, descriptor, compression, modified, length, piece }: Unit): Promise<void> {
  const warnings: ScanWarning[] = []
  const counter = new SourceCounter(keys, start.span)
  let told = 0
  const onProgress = (bytes: number): void => {
    if (bytes - told < TOLD_EVERY) return
    told = bytes
    say({ kind: 'progress', bytes })
  }
  const onWarning = (warning: ScanWarning): void => void warnings.push(warning)
  const scan = new Scan({ ...start, formats, zone, onWarning, onProgress }, counter)
  const log = openedFile(path, handleOf(descriptor), {
    compression,
    modified,
    length,
    device: 0,
    inode: 0,
  })
  await scan.read(log, piece)
  const [scanned] = scan.logs() as [ScannedLog]
  const [source] = counter.sources([scanned]) as [PartialSource]
  const rows = [
    ...partialRows({ keys: names, settings: {}, sources: [{ ...source, groups: new GroupTable() }] }),
  ]
  const message: FromThread = {
    kind: 'counted',
    log: scanned,
    rows,
    groups: source.groups.parts,
    failures: scan.failures,
    warnings,
  }
  port.postMessage(message, source.groups.buffers)
}

/** Reads wait: a thread has nothing else to do meanwhile. */
function handleOf(fd: number): FileHandle {
  const read = async (bytes: Uint8Array, offset: number, length: number, position: number) => ({
    bytesRead: readSync(fd, bytes, offset, length, position),
  })
  return { fd, read, close: async () => {} } as unknown as FileHandle
}

port.on('message', (unit: Unit) => void count(unit))
