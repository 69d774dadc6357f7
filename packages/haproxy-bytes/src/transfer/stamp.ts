import { readBsdStamp, readIsoStamp, type WrittenTime } from '../clock/index.ts'
import type { Envelope } from '../envelope/index.ts'
import { latin1 } from './values.ts'

/** The time that syslog put before a line. */
export function readStamp(
  bytes: Uint8Array,
  { stampKind, stampFrom, stampTo }: Envelope,
): WrittenTime | undefined {
  if (stampKind === 'none') return undefined
  const text = latin1(bytes, stampFrom, stampTo)
  return stampKind === 'iso' ? readIsoStamp(text) : readBsdStamp(text)
}
