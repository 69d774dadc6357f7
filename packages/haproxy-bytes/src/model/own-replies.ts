import { isAtLeast, type Version } from './version.ts'

/** Lengths of the messages in the program of 2.6.12; 400, 403, 408, 500, 502 and 503 measured on the wire too. */
const MESSAGES: Readonly<Record<number, number>> = {
  400: 207,
  401: 212,
  403: 189,
  404: 179,
  405: 252,
  407: 212,
  408: 233,
  410: 206,
  413: 211,
  421: 211,
  422: 225,
  425: 176,
  429: 222,
  500: 205,
  501: 239,
  502: 206,
  503: 214,
  504: 195,
}
/** Those that it says before there is a request. */
const BEFORE_REQUEST = new Set([400, 408, 413, 422, 500, 501])

/** Bytes on the wire of HAProxy's own message for a status (2.6.12); %B has 3 more. */
export const ownMessage = (status: number | undefined): number | undefined =>
  status === undefined ? undefined : MESSAGES[status]

/** Up to 2.1 messages had no Content-Length and said HTTP/1.0: 20 to 22 bytes less (1.8.0: 187 for 400). */
const WITHOUT_LENGTH = 22

export interface RawReply {
  readonly low: number
  readonly high: number
}

/** @param version undefined, but not before 2.2, where the line has fields that were not there before it */
export function rawReply(status: number, version: Version | 'since-2.2' | undefined): RawReply | undefined {
  const bytes = MESSAGES[status]
  if (bytes === undefined || !BEFORE_REQUEST.has(status)) return undefined
  const isSure = version === 'since-2.2' || (version !== undefined && isAtLeast(version, 2, 2))
  return { low: isSure ? bytes : bytes - WITHOUT_LENGTH, high: bytes }
}

/** Reason phrases that HAProxy writes itself (src/http.c); its error messages have some of their own. */
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Unauthorized',
  408: 'Request Time-out',
  410: 'Gone',
  413: 'Payload Too Large',
  418: "I'm a teapot",
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  425: 'Too Early',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
}

export function ownReason(status: number | undefined): number | undefined {
  return status === undefined ? undefined : REASONS[status]?.length
}

/** The longest reason phrase in use has 31 bytes (431, 511); an interim response has 32 at least. */
export const LONGEST_REASON = 31
