import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type RrdcachedClient,
  RrdcachedError,
  type SuspensionNote,
  suspendWhile,
} from '../../src/rrdcached/index.ts'
import { clientFor, createRrd, folderForTest, rowsOf, startDaemon, strangeServer, value } from './daemon.ts'

const setUp = async (transport: 'socket' | 'tcp' = 'socket') => {
  const daemon = await startDaemon()
  const file = createRrd(join(daemon.base, 'a.rrd'))
  const notes: SuspensionNote[] = []
  const note = (said: SuspensionNote): void => void notes.push(said)
  return { daemon, file, client: clientFor(daemon[transport]), other: clientFor(daemon.socket), notes, note }
}

/** A daemon's own word for whether the file is suspended, put back as it was. */
const isSuspended = async (client: RrdcachedClient, file: string): Promise<boolean> => {
  const state = await client.suspend(file)
  if (state === 'suspended') await client.resume(file)
  return state === 'already'
}

describe('while the work is done', () => {
  test.each(['socket', 'tcp'] as const)(
    'the file has all that was pending, and gets no more, over %s',
    async (transport) => {
      const { file, client, other, notes, note } = await setUp(transport)
      await other.update(file, [value(1), value(2)])
      const result = await suspendWhile(
        client,
        file,
        async () => {
          expect(rowsOf(file, 9)).toEqual(
            new Map([
              [1, 1],
              [2, 2],
            ]),
          )
          await other.update(file, [value(3)])
          expect(await other.flush(file)).toBe('flushed')
          expect(rowsOf(file, 9).size).toBe(2)
          return 'done'
        },
        { note },
      )
      expect(result).toBe('done')
      expect(rowsOf(file, 9)).toEqual(
        new Map([
          [1, 1],
          [2, 2],
          [3, 3],
        ]),
      )
      expect(await other.pending(file)).toEqual([])
      expect(notes).toEqual([])
    },
  )

  test('another file may take its place: what is pending goes there', async () => {
    const { daemon, file, client, other } = await setUp()
    await other.update(file, [value(1)])
    await suspendWhile(client, file, async () => {
      await other.update(file, [value(2)])
      renameSync(createRrd(join(daemon.base, 'other')), file)
    })
    // The new file hasn't had update 1: its heartbeat lets update 2 stand for both rows.
    expect(rowsOf(file, 9)).toEqual(
      new Map([
        [1, 2],
        [2, 2],
      ]),
    )
  })

  test('a file the daemon holds nothing for is left alone', async () => {
    const { file, client, notes, note } = await setUp()
    expect(await suspendWhile(client, file, async () => 'done', { note })).toBe('done')
    expect(notes).toEqual([])
  })
})

describe('it is resumed on every way out', () => {
  test('the work throws', async () => {
    const { file, client, other } = await setUp()
    await other.update(file, [value(1)])
    const failing = suspendWhile(client, file, async () => {
      expect(await isSuspended(other, file)).toBe(true)
      throw new Error('no space')
    })
    await expect(failing).rejects.toThrow('no space')
    expect(await isSuspended(other, file)).toBe(false)
  })

  test('the caller stops it in the middle of the work', async () => {
    const { file, client, other } = await setUp()
    await other.update(file, [value(1)])
    const stop = new AbortController()
    const work = async (): Promise<void> => {
      await other.update(file, [value(2)])
      stop.abort()
      stop.signal.throwIfAborted()
    }
    await expect(suspendWhile(client, file, work, { signal: stop.signal })).rejects.toThrow('aborted')
    expect(await isSuspended(other, file)).toBe(false)
    expect(rowsOf(file, 9)).toEqual(
      new Map([
        [1, 1],
        [2, 2],
      ]),
    )
  })

  test('the answer to SUSPEND is lost', async () => {
    const asked: string[] = []
    const address = await strangeServer((socket) =>
      socket.on('data', (data) => {
        const command = data.toString().trim()
        asked.push(command)
        if (command.startsWith('SUSPEND')) socket.destroy()
        else socket.write('0 x\n')
      }),
    )
    let worked = false
    const work = async (): Promise<void> => {
      worked = true
    }
    const failing = suspendWhile(clientFor(address), '/a', work)
    await expect(failing).rejects.toMatchObject({ code: 'CLOSED', command: 'SUSPEND' })
    expect(worked).toBe(false)
    expect(asked.slice(-2)).toEqual(['RESUME /a', 'FLUSH /a'])
    expect(asked.some((command) => command.startsWith('FORGET'))).toBe(false)
  })
})

describe('traps', () => {
  test('left suspended by a run that was killed: resumed, and what was held back is written', async () => {
    const { file, client, other, notes, note } = await setUp()
    await other.update(file, [value(1)])
    await other.suspend(file)
    await other.update(file, [value(2)])
    await suspendWhile(client, file, async () => expect(rowsOf(file, 9).size).toBe(2), { note })
    expect(notes.map(({ code }) => code)).toEqual(['was-suspended'])
    expect(await isSuspended(other, file)).toBe(false)
  })

  test('updates that never pause do not keep it from the work for ever', async () => {
    const asked: string[] = []
    const address = await strangeServer((socket) =>
      socket.on('data', (data) => {
        const command = data.toString().trim()
        asked.push(command.split(' ')[0] as string)
        socket.write(command.startsWith('PENDING') ? '1 updates pending\n1:1\n' : '0 x\n')
      }),
    )
    await suspendWhile(clientFor(address), '/a', async () => void asked.push('work'))
    expect(asked.indexOf('work')).toBe(asked.lastIndexOf('SUSPEND') + 1)
    expect(asked.slice(asked.indexOf('work'))).toEqual(['work', 'RESUME', 'FLUSH'])
    const held = asked.reduce((state, command) => {
      expect(command === 'FLUSH' && state).toBe(false)
      return command === 'SUSPEND' || (command !== 'RESUME' && state)
    }, false)
    expect(held).toBe(false)
  })

  test('a daemon without SUSPEND is only flushed', async () => {
    const asked: string[] = []
    const address = await strangeServer((socket) =>
      socket.on('data', (data) => {
        const command = data.toString().trim()
        asked.push(command)
        socket.write(command.startsWith('SUSPEND') ? '-1 Unknown command: SUSPEND\n' : '0 x\n')
      }),
    )
    const notes: string[] = []
    await suspendWhile(clientFor(address), '/a', async () => {}, { note: ({ code }) => notes.push(code) })
    expect(asked).toEqual(['FLUSH /a', 'SUSPEND /a', 'FLUSH /a'])
    expect(notes).toEqual(['no-suspend'])
  })

  test('one that does not permit SUSPEND is flushed too', async () => {
    const daemon = await startDaemon(['-P', 'FLUSH,UPDATE', '-l', `unix:${join(folderForTest(), 'low')}`])
    const low = clientFor(daemon.process.spawnargs.at(-1) as string)
    const file = createRrd(join(daemon.base, 'a.rrd'))
    await low.update(file, [value(1)])
    const notes: string[] = []
    const work = async (): Promise<void> => void expect(rowsOf(file, 9).size).toBe(1)
    await suspendWhile(low, file, work, { note: ({ code }) => notes.push(code) })
    expect(notes).toEqual(['no-suspend'])
  })

  test('a name the daemon does not see is told', async () => {
    const { daemon, client, notes, note } = await setUp()
    await suspendWhile(client, join(daemon.base, 'none.rrd'), async () => {}, { note })
    expect(notes.map(({ code }) => code)).toEqual(['unknown-path'])
  })
})

describe('a daemon that is gone', () => {
  test('before: the work is not begun', async () => {
    let worked = false
    const failing = suspendWhile(clientFor('/nonexistent'), '/a', async () => {
      worked = true
    })
    await expect(failing).rejects.toBeInstanceOf(RrdcachedError)
    expect(worked).toBe(false)
  })

  test('in the middle: the work is done, and it is told that it may be suspended', async () => {
    const { daemon, file, client, other, notes, note } = await setUp()
    await other.update(file, [value(1)])
    const result = await suspendWhile(
      client,
      file,
      async () => {
        await daemon.stop('SIGKILL')
        return 'done'
      },
      { note },
    )
    expect(result).toBe('done')
    expect(notes.map(({ code }) => code)).toEqual(['resume-failed'])
    expect(notes[0]?.message).toContain('RESUMEALL')
  })

  test('restarted in the middle: it has forgotten the suspension, nothing is told', async () => {
    const { daemon, file, client, other, notes, note } = await setUp()
    await other.update(file, [value(1)])
    const work = async (): Promise<void> => {
      await daemon.stop()
      await startDaemon([], daemon.folder)
    }
    await suspendWhile(client, file, work, { note })
    expect(notes).toEqual([])
    expect(await isSuspended(clientFor(daemon.socket), file)).toBe(false)
  })
})
