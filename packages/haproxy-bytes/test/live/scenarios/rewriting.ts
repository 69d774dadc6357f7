import { request, transfer } from '../client.ts'
import type { Scenario } from '../scenario.ts'
import { nodeLike, once } from './origin-script.ts'

const origin = { script: nodeLike }
const GET = once('/cl/1000')

/** Headers and cookies that HAProxy adds, deletes or takes out, on either leg. */
export const REWRITING: readonly Scenario[] = [
  {
    name: 'response-headers-set',
    origin,
    backend: ["http-response add-header x-test '0123456789'", 'http-response set-header server hap'],
    client: GET,
    lines: 1,
    page: { B: 1143, clientReceived: 1181, serverSent: 1172 },
  },
  {
    name: 'response-header-deleted',
    origin,
    backend: ['http-response del-header x-powered-by'],
    client: GET,
    lines: 1,
    page: { B: 1143, clientReceived: 1128, serverSent: 1172 },
  },
  {
    name: 'hsts',
    origin,
    frontend: [
      "http-response set-header strict-transport-security 'max-age=31536000; includeSubDomains; preload'",
      'http-response del-header x-powered-by',
    ],
    client: GET,
    lines: 1,
    page: { B: 1143, clientReceived: 1201, serverSent: 1172 },
  },
  {
    name: 'cookie-inserted',
    origin,
    backend: ['cookie SRV insert indirect nocache'],
    server: 'cookie s1',
    client: GET,
    lines: 1,
    page: { B: 1143, clientReceived: 1176, serverSent: 1172 },
  },
  {
    name: 'cookie-present',
    origin,
    backend: ['cookie SRV insert indirect nocache'],
    server: 'cookie s1',
    client: once('/cl/1000', { fields: [['Cookie', 'x=1; SRV=s1']] }),
    lines: 1,
    page: { B: 1143, clientReceived: 1148, serverSent: 1172, U: 87, clientSent: 84, serverReceived: 76 },
  },
  {
    name: 'forwardfor',
    origin,
    backend: ['option forwardfor'],
    client: GET,
    lines: 1,
    page: { B: 1143, clientReceived: 1148, serverSent: 1172, U: 70, clientSent: 63, serverReceived: 91 },
  },
  {
    name: 'request-headers-added',
    origin,
    frontend: ['http-request add-header x-a 12345', 'http-request add-header x-bb 123456'],
    client: GET,
    lines: 1,
    page: { B: 1143, clientReceived: 1148, U: 70, clientSent: 63, serverReceived: 89 },
  },
  {
    name: 'unique-id',
    origin,
    frontend: ['unique-id-format %{+X}o%ci%cp_%fi:%fp', 'unique-id-header x-unique-id'],
    client: GET,
    lines: 1,
    page: { B: 1143, clientReceived: 1148, U: 70, clientSent: 63, serverReceived: 104 },
  },
  {
    name: 'httpclose',
    origin,
    backend: ['option httpclose'],
    client: GET,
    lines: 1,
    page: { B: 1123, clientReceived: 1124, serverSent: 1143, U: 70, clientSent: 63, serverReceived: 82 },
  },
  {
    name: 'cached',
    origin,
    sections: ['cache kept\n    total-max-size 4\n    max-age 60'],
    backend: ['http-request cache-use kept', 'http-response cache-store kept'],
    // First from the server, then from the cache, which adds an Age.
    client: async (drive) => {
      const connection = await drive.open()
      await transfer(connection, request('/cache/5000'))
      await transfer(connection, request('/cache/5000'))
    },
    lines: 2,
    page: { B: 5166 + 5170, clientReceived: 5175 + 5183, serverSent: 5199 },
  },
]
