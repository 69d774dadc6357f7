import { isIPv6 } from 'node:net'
import { RrdcachedError } from './error.ts'

/** RRDCACHED_DEFAULT_PORT of rrd_client.h. */
export const DEFAULT_PORT = 42217

/** Where a daemon listens. */
export type DaemonAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

const portOf = (text: string, address: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65535)
    throw new RrdcachedError(
      'BAD_ARGUMENT',
      `address of rrdcached «${address}»: the port must be 1 to 65535`,
      { address },
    )
  return port
}

/**
 * Reads an address as librrd does (client_connect of rrd_client.c): `unix:/path`, `/path`, `host`, `host:port`,
 * `[v6]`, `[v6]:port`; the port is 42217 by default. An IPv6 address without brackets is taken as a host, where
 * librrd would cut its last group off as the port.
 * @throws RrdcachedError BAD_ARGUMENT
 */
export const parseDaemonAddress = (address: string): DaemonAddress => {
  if (address.startsWith('unix:') || address.startsWith('/')) {
    const path = address.startsWith('/') ? address : address.slice('unix:'.length)
    if (path === '')
      throw new RrdcachedError('BAD_ARGUMENT', `address of rrdcached «${address}»: no path after unix:`, {
        address,
      })
    return { kind: 'unix', path }
  }
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(address)
  if (bracketed) {
    const [, host = '', port] = bracketed
    if (!isIPv6(host))
      throw new RrdcachedError(
        'BAD_ARGUMENT',
        `address of rrdcached «${address}»: no IPv6 address in the brackets`,
        { address },
      )
    return { kind: 'tcp', host, port: port === undefined ? DEFAULT_PORT : portOf(port, address) }
  }
  if (isIPv6(address)) return { kind: 'tcp', host: address, port: DEFAULT_PORT }
  const colon = address.lastIndexOf(':')
  const host = colon < 0 ? address : address.slice(0, colon)
  if (host === '' || /[\s[\]]/.test(host))
    throw new RrdcachedError(
      'BAD_ARGUMENT',
      `address of rrdcached «${address}»: give unix:/path, /path, host, host:port or [v6]:port`,
      { address },
    )
  return { kind: 'tcp', host, port: colon < 0 ? DEFAULT_PORT : portOf(address.slice(colon + 1), address) }
}

/** The address as librrd would take it. */
export const formatDaemonAddress = (address: DaemonAddress): string => {
  if (address.kind === 'unix') return `unix:${address.path}`
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}
