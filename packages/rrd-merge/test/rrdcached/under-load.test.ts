import { fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LiveFile } from '../../src/live/index.ts'
import { suspendWhile } from '../../src/rrdcached/index.ts'
import { clientFor, createRrd, rowsOf, startDaemon, value } from './daemon.ts'

const UPDATES = 3000

/** Reads and replaces the file, as a merge does. @returns whether it reported a late writer */
const replaceOnce = async (file: string): Promise<boolean> => {
  const live = new LiveFile(openSync(file, 'r'), file, { target: file })
  try {
    for (;;) {
      const image = await live.read((size) => new Uint8Array(size))
      const outcome = await live.replace(image, (bytes) => {
        const fd = openSync(`${file}.tmp`, 'wx+')
        writeSync(fd, bytes)
        fsyncSync(fd)
        return {
          fd,
          commit: () => renameSync(`${file}.tmp`, file),
          sync: () => fsyncSync(fd),
          discard: () => unlinkSync(`${file}.tmp`),
        }
      })
      if (outcome.status === 'again') continue
      const late = (await live.finish()) ?? outcome.late
      return late !== undefined
    }
  } finally {
    live.close()
  }
}

test.each(['socket', 'tcp'] as const)(
  'no pending value is lost while merges run under load, over %s',
  async (transport) => {
    // -w 1: the daemon also writes on its own, so that writes are under way when it is suspended.
    const daemon = await startDaemon(['-w', '1', '-t', '4'])
    const file = createRrd(join(daemon.base, 'a.rrd'), UPDATES + 100)
    const [sender, merger] = [clientFor(daemon.socket), clientFor(daemon[transport])]

    let over = false
    const sending = (async () => {
      for (let n = 1; n <= UPDATES; n += 1) {
        expect(await sender.update(file, [value(n)])).toBe(1)
        if (n % 500 === 0) await sender.flush(file)
      }
    })().finally(() => {
      over = true
    })
    let merges = 0
    while (!over) {
      await suspendWhile(merger, file, () => replaceOnce(file))
      merges += 1
    }
    await sending
    await sender.flush(file)

    expect(merges).toBeGreaterThan(1)
    const rows = rowsOf(file, UPDATES)
    const missing = Array.from({ length: UPDATES }, (_, i) => i + 1).filter((n) => rows.get(n) !== n)
    expect(missing).toEqual([])
  },
)
