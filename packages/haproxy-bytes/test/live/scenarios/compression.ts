import type { Scenario } from '../scenario.ts'
import { nodeLike, once } from './origin-script.ts'

const origin = { script: nodeLike }
const GZIP = ['compression algo gzip', 'compression type text/plain']
const ACCEPTING = { fields: [['Accept-Encoding', 'gzip']] } as const

/** Compression, and the cases in which it is configured and doesn't happen. */
export const COMPRESSION: readonly Scenario[] = [
  {
    name: 'gzip-frontend',
    origin,
    frontend: GZIP,
    client: once('/cl/100000', ACCEPTING),
    lines: 1,
    // What the client gets depends on the text: 1705 there.
    page: { B: 100_145, serverSent: 100_174, U: 91, clientSent: 88, serverReceived: 88 },
  },
  {
    name: 'gzip-backend',
    origin,
    backend: GZIP,
    client: once('/cl/100000', ACCEPTING),
    lines: 1,
    page: { B: 100_145, serverSent: 100_174, U: 91, clientSent: 88, serverReceived: 88 },
  },
  {
    name: 'gzip-offload',
    origin,
    backend: [...GZIP, 'compression offload'],
    client: once('/cl/100000', ACCEPTING),
    lines: 1,
    page: { B: 100_145, serverSent: 100_174, U: 91, clientSent: 88, serverReceived: 65 },
  },
  {
    name: 'gzip-chunked',
    origin,
    backend: GZIP,
    client: once('/ch/50000x50000', ACCEPTING),
    lines: 1,
    page: { B: 100_150, serverSent: 100_199 },
  },
  {
    name: 'gzip-not-accepted',
    origin,
    backend: GZIP,
    client: once('/cl/100000'),
    lines: 1,
    page: { B: 100_145, clientReceived: 100_150 },
  },
  {
    name: 'gzip-binary',
    origin,
    backend: GZIP,
    client: once('/bin/100000', ACCEPTING),
    lines: 1,
    page: { B: 100_159, clientReceived: 100_164 },
  },
  {
    name: 'gzip-head',
    origin,
    backend: GZIP,
    client: once('/cl/100000', { ...ACCEPTING, method: 'HEAD' }),
    lines: 1,
    page: { B: 145, clientReceived: 150 },
  },
  {
    name: 'gzip-http10',
    origin,
    backend: GZIP,
    client: once('/cl/100000', { ...ACCEPTING, version: '1.0' }),
    lines: 1,
    page: { B: 100_145, clientReceived: 100_169 },
  },
]
