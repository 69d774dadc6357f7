import { createServer, type Server } from 'node:net'

export const LOOPBACK = '127.0.0.1'

export async function listening(server: Server): Promise<number> {
  await new Promise<void>((ready, failed) => {
    server.once('error', failed)
    server.listen(0, LOOPBACK, ready)
  })
  return (server.address() as { port: number }).port
}

/**
 * Ports that were free a moment ago, all different: they are held together before any is given back. Somebody may
 * take one before it is bound again, so whoever starts a program on them tries anew with others.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(servers.map(listening))
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}
