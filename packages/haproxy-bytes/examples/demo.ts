/**
 * The case haproxy-bytes was made for: traffic is billed by what HAProxy logs, and the sum doesn't agree with what was
 * measured on the wire. Run here for real, by HAProxy on 127.0.0.1; by `npm run demo`, with haproxy-bytes in PATH.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { Agent, createServer, get } from 'node:http'
import { type AddressInfo, createConnection, createServer as createListener, type Socket } from 'node:net'

const LOG = 'haproxy.log'
const REQUESTS = 400
const LENGTHS = ['nq0', 'qh0', 'ql', 'nh0', 'rh0', 'nh1', 'rh1', 'rl', 's10']
const LOG_FORMAT = [
  '%ci:%cp [%tr] %ft %b/%s %Ta %ST %B %U %tsc %rc %lc method=%HM version=%HV',
  ...LENGTHS.map((name) => `${name}=%[var(txn.hb_${name})]`),
  'comp=%[res.comp] %{+Q}r',
].join(' ')
const EXIT_LOSS = 4
const EXIT_GAP = 1

async function main(): Promise<void> {
  const origin = createServer((request, response) => {
    const bytes = 300 + (Number(request.url?.slice(1)) % 40) * 997
    response
      .writeHead(200, { 'Content-Length': bytes, Date: 'Sat, 21 Nov 2026 10:00:00 GMT' })
      .end('x'.repeat(bytes))
  })
  origin.listen(0, '127.0.0.1')
  await once(origin, 'listening')
  const port = await freePort()
  writeFileSync('haproxy.cfg', configuration(port, (origin.address() as AddressInfo).port))
  const haproxy = await startHaproxy()
  try {
    say('A shop behind HAProxy, which adds a header and a cookie, and logs what it counts:')
    show('cat haproxy.cfg')
    show('haproxy-bytes snapshot --socket admin.sock -o before')
    const received = await visit(port)
    show('haproxy-bytes snapshot --socket admin.sock -o after')
    writeFileSync('received.csv', `frontend,bytesOut\nshop,${received}\n`)

    const held = `${LOG} --config haproxy.cfg --before before --after after`
    say('What the log adds up to:')
    show(`haproxy-bytes ${LOG} --config haproxy.cfg --by frontend,server`)
    say(`What clients received: ${received} bytes. Why the difference?`)
    show(`haproxy-bytes explain ${held}`)
    say(
      'Is the log complete? Held against what HAProxy counted, and against what clients received, to the byte:',
    )
    show(`haproxy-bytes reconcile ${held} --wire received.csv`)

    say('Now 20 lines are lost, as a rate limit of syslog drops them:')
    show(`sed -i 200,219d ${LOG}`)
    show(`haproxy-bytes ${LOG} --config haproxy.cfg`)
    show(`haproxy-bytes lost ${held}`, EXIT_LOSS)
    show(`haproxy-bytes reconcile ${held}`, EXIT_LOSS, EXIT_GAP)
  } finally {
    haproxy.kill('SIGTERM')
    origin.close()
  }
}

function configuration(port: number, origin: number): string {
  return `global
  stats socket unix@./admin.sock mode 600 level admin
  log stdout format local local0

defaults
  mode http
  log global
  timeout connect 5s
  timeout client 5s
  timeout server 5s

frontend shop
  bind 127.0.0.1:${port}
  log-format "${LOG_FORMAT}"
  # lengths of headers as they come and go: with them the wire follows from the log
  http-request set-var(txn.hb_nq0) req.fhdr_cnt
  http-request set-var(txn.hb_qu) url,length
  http-request set-var(txn.hb_qm) method,length,add(txn.hb_qu)
  http-request set-var(txn.hb_qh0) req.hdrs,length,add(txn.hb_qm)
  http-request set-var(txn.hb_ql) req.hdr(content-length),add(0)
  http-request set-var(txn.hb_ql) int(-1) if { req.hdr(transfer-encoding) -m found }
  http-response set-header Strict-Transport-Security max-age=31536000
  default_backend app
  http-after-response set-var(txn.hb_nh1) res.fhdr_cnt
  http-after-response set-var(txn.hb_rh1) res.hdrs,length
  http-after-response set-var(txn.hb_rl) res.hdr(content-length),add(0)
  http-after-response set-var(txn.hb_rl) int(-1) if { res.hdr(transfer-encoding) -m found }
  http-after-response set-var(txn.hb_s10) int(1) if { res.ver 1.0 }

backend app
  http-response set-var(txn.hb_nh0) res.fhdr_cnt
  http-response set-var(txn.hb_rh0) res.hdrs,length
  cookie SRV insert indirect nocache
  server s1 127.0.0.1:${origin} cookie s1
  server s2 127.0.0.1:${origin} cookie s2
`
}

/** Its log goes to stdout, which is the file. */
async function startHaproxy(): Promise<ChildProcess> {
  const log = openSync(LOG, 'a')
  const haproxy = spawn('haproxy', ['-db', '-f', 'haproxy.cfg'], { stdio: ['ignore', log, 'inherit'] })
  closeSync(log)
  while (!(await answers('admin.sock'))) {
    if (haproxy.exitCode !== null) throw new Error(`haproxy ended with ${haproxy.exitCode}`)
  }
  return haproxy
}

async function answers(path: string): Promise<boolean> {
  const socket = createConnection(path)
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  })
  socket.destroy()
  return connected
}

async function freePort(): Promise<number> {
  const listener = createListener().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  listener.close()
  await once(listener, 'close')
  return port
}

/** Asks for pages over kept connections. @returns bytes that came over the sockets */
async function visit(port: number): Promise<number> {
  const sockets: Socket[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  agent.createConnection = () => {
    const socket = createConnection(port, '127.0.0.1')
    sockets.push(socket)
    return socket
  }
  const asked = Array.from({ length: REQUESTS }, async (_, n) => {
    const [response] = await once(get({ port, agent, path: `/${n}` }), 'response')
    response.resume()
    await once(response, 'end')
  })
  await Promise.all(asked)
  agent.destroy()
  return sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
}

function say(text: string): void {
  console.log(`\n${text}`)
}

/** Runs a command the reader could type, and shows it with what it says. */
function show(line: string, ...exits: readonly number[]): void {
  console.log(`\n$ ${line}`)
  const [program = '', ...args] = line.split(' ')
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) throw error
  const expected = exits.length > 0 ? exits : [0]
  if (!expected.includes(status ?? -1)) throw new Error(`${line}: ended with ${status}`)
}

await main()
