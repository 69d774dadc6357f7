import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { client, FORMS, failure, folder, SMALL, START, until } from './support.ts'

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** The socket is there before anyone listens on it. */
function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = connect(socket)
    attempt.once('connect', () => attempt.end(() => resolve(true)))
    attempt.once('error', () => resolve(false))
  })
}

async function untilTrue(attempt: () => Promise<boolean>): Promise<void> {
  while (!(await attempt())) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe.each(FORMS)('$form', ({ persistent }) => {
  let base = ''
  let daemon = ''
  let rrdcached: ChildProcess

  beforeEach(async () => {
    base = folder()
    const socket = join(base, 's')
    daemon = `unix:${socket}`
    // -w: it keeps updates to itself for far longer than the test lasts.
    rrdcached = spawn(
      'rrdcached',
      ['-g', '-l', daemon, '-p', join(base, 'pid'), '-w', '3000', '-f', '7200'],
      { stdio: 'ignore' },
    )
    await untilTrue(async () => rrdcached.exitCode !== null || (await accepts(socket)))
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    if (rrdcached.exitCode === null && rrdcached.signalCode === null) {
      rrdcached.kill('SIGKILL')
      await new Promise((resolve) => rrdcached.once('exit', resolve))
    }
  })

  test('what a daemon holds is in the file after flushcached', async () => {
    const rrd = client({ persistent })
    const file = join(base, 'a.rrd')
    await rrd.create(file, SMALL)
    await rrd.update(file, [`${START + 60}:1`], { daemon })
    expect(await rrd.last(file)).toBe(START)
    expect(await rrd.last(file, { daemon })).toBe(START + 60)
    await rrd.update(file, [`${START + 120}:2`], { daemon })
    expect(await rrd.info(file)).toMatchObject({ last_update: expect.any(Number) })
    await rrd.flushcached(file, { daemon })
    expect(await rrd.last(file)).toBe(START + 120)
    await rrd.update(file, [`${START + 180}:3`], { daemon })
    const { rows } = await rrd.fetch(file, { cf: 'AVERAGE', start: START + 120, end: START + 179, daemon })
    expect(rows).toEqual([{ time: START + 180, values: [3] }])
  })

  test('a daemon for all calls', async () => {
    const rrd = client({ persistent, daemon })
    const file = join(base, 'a.rrd')
    await rrd.create(file, SMALL)
    await rrd.update(file, [`${START + 60}:1`])
    expect(await client().last(file)).toBe(START)
    await rrd.flushcached(file)
    expect(await client().last(file)).toBe(START + 60)
    await rrd.tune(file, ['--heartbeat', 'a:300'])
    expect((await client().info(file))['ds[a].minimal_heartbeat']).toBe(300)
  })

  test('RRDCACHED_ADDRESS of the caller is not heard', async () => {
    vi.stubEnv('RRDCACHED_ADDRESS', daemon)
    const rrd = client({ persistent })
    const file = join(base, 'a.rrd')
    await rrd.create(file, SMALL)
    await rrd.update(file, [`${START + 60}:1`])
    rrdcached.kill('SIGKILL')
    await until(() => rrdcached.exitCode !== null || rrdcached.signalCode !== null)
    await rrd.update(file, [`${START + 120}:1`])
    expect(await rrd.last(file)).toBe(START + 120)
  })

  test('over TCP a relative name is meant below the base folder of the daemon', async () => {
    const port = await freePort()
    const remote = spawn(
      'rrdcached',
      [
        '-g',
        '-l',
        `127.0.0.1:${port}`,
        '-p',
        join(base, 'pid2'),
        '-b',
        base,
        '-B',
        '-w',
        '3000',
        '-f',
        '7200',
      ],
      {
        stdio: 'ignore',
      },
    )
    try {
      const rrd = client({ persistent })
      const file = join(base, 'a.rrd')
      await rrd.create(file, SMALL)
      const tcp = { daemon: `127.0.0.1:${port}` }
      await untilTrue(() =>
        rrd.update('a.rrd', [`${START + 60}:1`], tcp).then(
          () => true,
          () => remote.exitCode !== null,
        ),
      )
      expect(await rrd.last(file)).toBe(START)
      await rrd.flushcached('a.rrd', tcp)
      expect(await rrd.last(file)).toBe(START + 60)
    } finally {
      remote.kill('SIGKILL')
    }
  })

  test('a daemon that is not there is FAILED, and nothing is written', async () => {
    const rrd = client({ persistent })
    const file = join(base, 'a.rrd')
    await rrd.create(file, SMALL)
    const gone = { daemon: 'unix:/nonexistent/socket' }
    for (const call of [
      () => rrd.update(file, [`${START + 60}:1`], gone),
      () => rrd.flushcached(file, gone),
      () => rrd.last(file, gone),
      () => rrd.info(file, gone),
    ]) {
      expect(await failure(call())).toMatchObject({ code: 'FAILED', file })
    }
    expect(await rrd.last(file)).toBe(START)
  })
})
