import { renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RrdcachedClient } from '../../src/rrdcached/index.ts'
import { clientFor, createRrd, rowsOf, START, STEP, startDaemon, strangeServer, value } from './daemon.ts'

describe('commands, against rrdcached', () => {
  test.each(['socket', 'tcp'] as const)('update, pending, flush, last, stats over %s', async (transport) => {
    const daemon = await startDaemon()
    const client = clientFor(daemon[transport])
    const file = createRrd(join(daemon.base, 'a.rrd'))

    await client.ping()
    expect(await client.pending(file)).toEqual([])
    expect(await client.flush(file)).toBe('flushed')
    expect(await client.update(file, [value(1), value(2)])).toBe(2)
    expect(await client.update(file, [value(3)])).toBe(1)
    expect(await client.pending(file)).toEqual([value(1), value(2), value(3)])
    expect(rowsOf(file, 5)).toEqual(new Map())
    expect(await client.flush(file)).toBe('flushed')
    expect(await client.last(file)).toBe(START + 3 * STEP)
    expect(await client.pending(file)).toEqual([])
    expect(await client.stats()).toMatchObject({ UpdatesReceived: 2, DataSetsWritten: 3, TreeNodesNumber: 1 })
    expect(rowsOf(file, 5)).toEqual(
      new Map([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    )
  })

  test('paths relative to the base directory and absolute ones mean the same file', async () => {
    const daemon = await startDaemon()
    const client = clientFor(daemon.tcp)
    const file = createRrd(join(daemon.base, 'a.rrd'))
    await client.update('a.rrd', [value(1)])
    expect(await client.pending(file)).toEqual([value(1)])
  })

  test('over TCP a prefix is taken off, as librrd does', async () => {
    const daemon = await startDaemon()
    const client = new RrdcachedClient(daemon.tcp, { stripPath: '/mnt/rrd' })
    const local = new RrdcachedClient(daemon.socket, { stripPath: '/mnt/rrd' })
    createRrd(join(daemon.base, 'a.rrd'))
    await client.update('/mnt/rrd//a.rrd', [value(1)])
    expect(await client.pending(join(daemon.base, 'a.rrd'))).toEqual([value(1)])
    expect(await local.flush('/mnt/rrd/a.rrd')).toBe('absent')
    client.close()
    local.close()
  })

  test.each([
    ['a blank', 'a b.rrd'],
    ['backslashes', '\\a\\\\b\\.rrd'],
    ['a leading dash', '-g.rrd'],
    ['letters of other languages', 'größe-日本.rrd'],
    ['a tab and quotes', 'a\t"\'.rrd'],
  ])('a file name with %s', async (_, name) => {
    const daemon = await startDaemon()
    const client = clientFor(daemon.socket)
    const file = join(daemon.base, name)
    renameSync(createRrd(join(daemon.base, 'plain.rrd')), file)
    expect(await client.update(file, [value(1)])).toBe(1)
    expect(await client.suspend(file)).toBe('suspended')
    expect(await client.resume(file)).toBe('resumed')
    expect(await client.flush(file)).toBe('flushed')
    expect(rowsOf(file, 2)).toEqual(new Map([[1, 1]]))
  })

  test('a file name that is not UTF-8', async () => {
    const daemon = await startDaemon()
    const client = clientFor(daemon.socket)
    const name = Buffer.concat([Buffer.from(`${daemon.base}/`), Buffer.from([0xff, 0x20, 0xe4])])
    renameSync(createRrd(join(daemon.base, 'plain.rrd')), name)
    expect(await client.update(name, [value(1)])).toBe(1)
    expect(await client.pending(name)).toEqual([value(1)])
  })

  test.each([
    ['a newline', '/a\nRESUMEALL'],
    ['a carriage return', '/a\r'],
    ['a NUL', '/a\0b'],
    ['nothing', ''],
    ['3,600 bytes', `/${'x'.repeat(3600)}`],
  ])('a path with %s is never sent', async (_, path) => {
    const client = clientFor('/nonexistent')
    await expect(client.flush(path)).rejects.toMatchObject({ name: 'RrdcachedError', code: 'BAD_ARGUMENT' })
  })
})

describe('what the daemon says of files it does not hold', () => {
  test('the connection it closes then is made again', async () => {
    const daemon = await startDaemon()
    const client = clientFor(daemon.socket)
    const file = createRrd(join(daemon.base, 'a.rrd'))
    for (let round = 0; round < 3; round += 1) {
      expect(await client.suspend(file)).toBe('absent')
      expect(await client.resume(file)).toBe('absent')
      expect(await client.flush(file)).toBe('flushed')
    }
  })

  test('a file that is not there, and one outside of the base directory, are absent', async () => {
    const daemon = await startDaemon()
    const client = clientFor(daemon.socket)
    expect(await client.flush(join(daemon.base, 'none.rrd'))).toBe('absent')
    expect(await client.flush(createRrd(join(daemon.folder, 'outside.rrd')))).toBe('absent')
  })

  test('suspended twice, resumed twice', async () => {
    const daemon = await startDaemon()
    const client = clientFor(daemon.socket)
    const file = createRrd(join(daemon.base, 'a.rrd'))
    await client.update(file, [value(1)])
    expect(await client.suspend(file)).toBe('suspended')
    expect(await client.suspend(file)).toBe('already')
    expect(await client.resume(file)).toBe('resumed')
    expect(await client.resume(file)).toBe('not-suspended')
    await client.suspend(file)
    expect(await client.resumeAll()).toBe(1)
  })

  test('a command it does not know, and one it does not permit', async () => {
    const daemon = await startDaemon()
    const client = clientFor(daemon.socket)
    await expect(client.request('NONSENSE', [])).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(client.request('FLUSH', [])).rejects.toMatchObject({
      code: 'REFUSED',
      command: 'FLUSH',
      answer: 'Usage: FLUSH <filename>',
    })
    await client.ping()
  })

  test('requests that are made at once are answered each with its own', async () => {
    const daemon = await startDaemon()
    const client = clientFor(daemon.socket)
    const files = [1, 2, 3, 4, 5].map((n) => createRrd(join(daemon.base, `${n}.rrd`)))
    await Promise.all(files.map((file, i) => client.update(file, [value(i + 1)])))
    const pending = await Promise.all(files.map((file) => client.pending(file)))
    expect(pending).toEqual([1, 2, 3, 4, 5].map((n) => [value(n)]))
  })
})

describe('what is not rrdcached, or no longer', () => {
  test.each([
    ['a mail server', '220 mail.example ESMTP\r\n', 'PROTOCOL'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'PROTOCOL'],
    ['noise', '\0\u0001\u0002\u001b[31m\n', 'PROTOCOL'],
    ['an answer with more after it', '0 PONG\n0 PONG\n', 'PROTOCOL'],
    ['silence', '', 'TIMEOUT'],
    ['half an answer', '3 Statistics follow\na: 1\n', 'TIMEOUT'],
  ])('%s', async (_, answer, code) => {
    const client = clientFor(
      await strangeServer((socket) => socket.on('data', () => socket.write(answer))),
      200,
    )
    const failed = client.ping()
    await expect(failed).rejects.toMatchObject({ name: 'RrdcachedError', code })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none gets through is the point
    await failed.catch((error: Error) => expect(error.message).not.toMatch(/[\x00-\x1f]/))
  })

  test('a line without an end does not grow without bound', async () => {
    const flood = 'x'.repeat(100_000)
    const client = clientFor(await strangeServer((socket) => socket.on('data', () => socket.write(flood))))
    await expect(client.ping()).rejects.toMatchObject({ code: 'PROTOCOL' })
  })

  test('it hangs up instead of answering', async () => {
    const client = clientFor(await strangeServer((socket) => socket.on('data', () => socket.end())))
    await expect(client.ping()).rejects.toMatchObject({ code: 'CLOSED', command: 'PING' })
  })

  test.each(['/nonexistent/socket', '127.0.0.1:1'])('nobody listens at %s', async (address) => {
    await expect(clientFor(address).ping()).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  test('an idle connection that was closed is made again', async () => {
    let connections = 0
    const address = await strangeServer((socket) => {
      connections += 1
      socket.on('data', () => socket.write('0 PONG\n', () => socket.end()))
    })
    const client = clientFor(address)
    for (let round = 0; round < 3; round += 1) await client.ping()
    expect(connections).toBe(3)
  })

  test('a daemon that was restarted is found again', async () => {
    const first = await startDaemon()
    const client = clientFor(first.socket)
    await client.ping()
    await first.stop()
    await expect(client.ping()).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await startDaemon([], first.folder)
    await client.ping()
  })

  test('the caller stops a request, and the next one works', async () => {
    let answers = false
    const address = await strangeServer((socket) =>
      socket.on('data', () => answers && socket.write('0 PONG\n')),
    )
    const client = clientFor(address)
    const stop = new AbortController()
    const pinged = client.ping({ signal: stop.signal })
    setTimeout(() => stop.abort(), 20)
    await expect(pinged).rejects.toMatchObject({ code: 'ABORTED' })
    await expect(client.ping({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
    answers = true
    await client.ping()
    expect(basename(address)).toBe('strange')
  })
})
