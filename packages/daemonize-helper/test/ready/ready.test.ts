import { createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Home } from '../support/home.ts'
import { isThere } from '../support/process.ts'

const SERVER = ['python3', fileURLToPath(new URL('../support/ready-server.py', import.meta.url))]

const portOf = (server: Server): number => (server.address() as { port: number }).port

/** Listens on a port of 127.0.0.1 that the system chose. */
async function listener(): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** One that nobody listens on, a moment ago. */
async function freePort(): Promise<number> {
  const server = await listener()
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('ready', () => {
  const ways = [
    { way: 'port', ready: async () => `port:${await freePort()}` },
    { way: 'a port of one address', ready: async () => `port:127.0.0.1:${await freePort()}` },
    { way: 'a socket', ready: async (home: Home) => `unix:${home.file('socket')}` },
    { way: 'a descriptor', ready: async () => 'fd' },
    { way: 'descriptor 4', ready: async () => 'fd:4' },
    { way: 'descriptor 20', ready: async () => 'fd:20' },
    { way: 'a file', ready: async (home: Home) => `file:${home.file('ready')}` },
    { way: 'a line of the log', ready: async () => 'log:^listening on \\w+$' },
  ]

  it.each(ways)('by $way: after it is, not before', async ({ ready }) => {
    await using home = new Home()
    const check = await ready(home)
    const told = check.replace('127.0.0.1:', '').replace(/^log:.*/, 'log')
    const args = ['--ready', check, '--stdout', home.file('log'), '--', ...SERVER, '0.4', told]
    const begun = await home.json('start', ['--name', 'n', ...args])
    expect(begun).toMatchObject({ state: 'running', ready: { by: check === 'fd' ? 'fd:3' : check } })
    expect((begun.ready as { ms: number }).ms).toBeGreaterThan(400)
  })

  it('is not what never shows it: 150, and nothing of it is left', async () => {
    await using home = new Home()
    const args = ['--json', '--name', 'n', '--ready', 'fd', '--ready-timeout', '300ms', '--', 'sleep', '300']
    const ran = await home.tool('start', args)
    expect(ran.status).toBe(150)
    expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: 'READY_TIMEOUT' } })
    expect((await home.tool('status', ['n'])).status).toBe(3)
  })

  it('is not what somebody else listens on', async () => {
    await using home = new Home()
    const stranger = await listener()
    try {
      const check = `port:${portOf(stranger)}`
      const limit = ['--ready', check, '--ready-timeout', '500ms']
      const waiting = await home.tool('start', ['--name', 'n', ...limit, '--', 'sleep', '300'])
      expect(waiting.status).toBe(150)
      // The command that finds it taken ends by itself, with its own code.
      const taken = await home.tool('start', ['--name', 'n', '--ready', check, '--', ...SERVER, '0', check])
      expect(taken.status).toBe(1)
    } finally {
      stranger.close()
    }
  })

  it('is not a file that was there before, nor a line that was logged before', async () => {
    await using home = new Home()
    const first = await home.json('start', [
      ...['--name', 'n', '--stdout', home.file('log'), '--ready', 'log:listening', '--'],
      ...[...SERVER, '0', 'log'],
    ])
    expect(isThere(first.pid as number)).toBe(true)
    await home.tool('stop', ['n'])
    const limit = ['--ready-timeout', '400ms', '--stdout', home.file('log')]
    const silent = ['--name', 'n', ...limit, '--ready', 'log:listening', '--', 'sleep', '300']
    expect((await home.tool('start', silent)).status).toBe(150)
  })

  it('an expression without an end is refused in time', async () => {
    await using home = new Home()
    const args = ['--name', 'n', '--stdout', home.file('log'), '--ready', 'log:^(a+)+$', '--']
    const command = ['sh', '-c', `echo ${'a'.repeat(40)}b; sleep 300`]
    const ran = await home.tool('start', [...args, ...command])
    expect(ran).toMatchObject({ status: 125, stderr: expect.stringContaining('takes too long') })
  })
})
