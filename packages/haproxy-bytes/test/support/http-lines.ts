/** What a line of `option httplog` is made of here; the rest is the same in all. */
export interface HttpLine {
  readonly second?: number
  readonly host?: string
  readonly client?: string
  readonly frontend?: string
  readonly server?: string
  readonly bytes?: number | string
  readonly state?: string
  readonly uri?: string
}

/** A line as rsyslog writes it to a file, its line feed included. */
export function httpLine({
  second = 0,
  host = 'lb1',
  client = '192.0.2.1',
  frontend = 'web',
  server = 's1',
  bytes = 100,
  state = '----',
  uri = '/',
}: HttpLine = {}): string {
  const time = new Date(Date.UTC(2026, 10, 21, 10) + second * 1000).toISOString().slice(11, 19)
  return `Nov 21 ${time} ${host} haproxy[7]: ${client}:4000 [21/Nov/2026:${time}.000] ${frontend} app/${server} 0/0/1/2/3 200 ${bytes} - - ${state} 1/1/0/0/0 0/0 "GET ${uri} HTTP/1.1"\n`
}
