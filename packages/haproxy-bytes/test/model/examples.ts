import { parseConfig, wireFacts } from '../../src/config/index.ts'
import type { LoggedTransfer, WireFields } from '../../src/model/index.ts'

/** What a pair with these lines says. */
export const facts = (frontend: string, backend = '') => {
  const { proxies } = parseConfig(
    `frontend fe\n  mode http\n  bind :80\n${frontend}\nbackend be\n  mode http\n${backend}\n  server s1 127.0.0.1:1`,
  )
  const [front, back] = proxies
  if (front === undefined) throw new Error('no frontend')
  return wireFacts(front, back)
}
export const PLAIN = facts('')

/** A GET of 1000 bytes, as it is in every version that has the inner form. */
export const GET: LoggedTransfer = {
  bytesOut: 1143,
  bytesIn: 70,
  status: 200,
  state: '----',
  server: 's1',
  partial: false,
}
export const GET_FIELDS: WireFields = {
  method: 'GET',
  version: 'HTTP/1.1',
  nq0: 2,
  qh0: 51,
  ql: null,
  nh0: 5,
  rh0: 131,
  nh1: 5,
  rh1: 131,
  rl: 1000,
  s10: null,
  comp: 0,
}
export const NO_SERVER: LoggedTransfer = { ...GET, status: 503, state: 'SC--', server: '<NOSRV>' }
export const NO_SERVER_FIELDS: WireFields = { ...GET_FIELDS, nh0: null, rh0: null, nh1: 3, rh1: 73, rl: 107 }

export const noServer = (bytesOut: number): LoggedTransfer => ({ ...NO_SERVER, bytesOut })
