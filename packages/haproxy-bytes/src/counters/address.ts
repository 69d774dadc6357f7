/** Where HAProxy answers: a `stats socket` of its configuration. */
export type StatsAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

/**
 * Reads an address as `stats socket` has it: `/run/haproxy/admin.sock`, `unix@/run/...`, `abns@name`, `127.0.0.1:9999`,
 * `[::1]:9999`, `ipv4@host:9999`, `:9999` (this machine). What holds a slash, or has no port, is a path.
 * @returns undefined for what is neither
 */
export function parseStatsAddress(text: string): StatsAddress | undefined {
  const [, family = '', rest = ''] = /^(?:(unix|abns|ipv4|ipv6)@)?(.*)$/s.exec(text) ?? []
  if (rest === '' || rest.includes('\0')) return undefined
  // The kernel's abstract names begin with a NUL.
  if (family === 'abns') return { kind: 'unix', path: `\0${rest}` }
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^/]*)):(\d{1,5})$/.exec(rest) ?? []
  if (family !== 'unix' && port !== undefined) {
    const host = bracketed ?? plain ?? ''
    const isPort = Number(port) >= 1 && Number(port) <= 65_535
    return isPort
      ? { kind: 'tcp', host: host === '' || host === '*' ? 'localhost' : host, port: Number(port) }
      : undefined
  }
  return family.startsWith('ip') ? undefined : { kind: 'unix', path: rest }
}

/** As it is shown. */
export function statsAddressText(address: StatsAddress): string {
  if (address.kind === 'unix') return address.path.replace(/^\0/, 'abns@')
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}
