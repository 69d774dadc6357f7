import type { StepCode } from '../wire/index.ts'

/** The one text of each step. */
export const STEP_WORDS: Readonly<Record<StepCode, string>> = {
  logged: 'logged',
  syntax: 'start lines and headers as written',
  added: 'headers added by rules',
  deleted: 'headers deleted or changed',
  cookies: 'cookies inserted',
  protocol: 'what HAProxy changes of headers by itself',
  compression: 'compression',
  framing: 'chunk framing',
  interim: 'interim responses',
  'own-replies': 'replies of HAProxy that the log does not count',
  aborted: 'transfers broken off, requests not read',
  'proxy-header': 'PROXY headers',
  'not-counted': 'transfers that no field measures',
  frames: 'frames of HTTP/2 and HTTP/3',
  wire: 'on the wire',
  tls: 'TLS records and handshakes',
  socket: 'on the socket, with TLS',
}
