import type { Scenario } from '../scenario.ts'
import { nodeLike, once } from './origin-script.ts'

/** What HAProxy answers by itself. */
export const OWN_REPLIES: readonly Scenario[] = [
  {
    name: 'no-server',
    client: once('/cl/1000'),
    lines: 1,
    page: { B: 217, clientReceived: 214, U: 70, clientSent: 63, serverReceived: 0 },
  },
  {
    name: 'errorfile',
    backend: ['errorfile 503 503.http'],
    client: once('/cl/1000'),
    lines: 1,
    page: { B: 168, clientReceived: 146 },
  },
  {
    name: 'denied',
    frontend: ['http-request deny'],
    client: once('/cl/1000'),
    lines: 1,
    page: { B: 192, clientReceived: 189 },
  },
  {
    name: 'tarpit',
    frontend: ['timeout tarpit 20ms', 'http-request tarpit'],
    client: once('/cl/1000'),
    lines: 1,
    page: { B: 208, clientReceived: 205 },
  },
  {
    name: 'redirect',
    frontend: ['http-request redirect location /new'],
    client: once('/cl/1000'),
    lines: 1,
    page: { B: 85, clientReceived: 82 },
  },
  {
    name: 'return',
    frontend: ["http-request return status 200 content-type text/plain string 'hello world'"],
    client: once('/cl/1000'),
    lines: 1,
    page: { B: 83, clientReceived: 76 },
  },
  {
    // Its size depends on the proxies of the process: only the differences are fixed.
    name: 'stats-page',
    frontend: ['stats enable', 'stats uri /stats'],
    client: once('/stats'),
    lines: 1,
  },
  { name: 'stats-csv', frontend: ['stats enable', 'stats uri /stats'], client: once('/stats;csv'), lines: 1 },
  {
    name: 'monitor-uri',
    frontend: ['monitor-uri /mon'],
    client: once('/mon'),
    lines: 0,
    page: { clientReceived: 147, clientSent: 59 },
  },
  {
    name: 'health-checks',
    origin: { script: nodeLike },
    backend: ['option httpchk GET /cl/5'],
    server: 'check inter 20ms',
    client: async ({ origin }) => {
      const before = origin?.exchanges.length ?? 0
      while ((origin?.exchanges.length ?? 0) < before + 3) await new Promise((turn) => setTimeout(turn, 5))
    },
    lines: 0,
  },
]
