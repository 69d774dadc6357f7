import { gzipSync } from 'node:zlib'
import type { Rrd } from '../format/index.ts'
import { writeXml } from '../xml/index.ts'

/** The text of an image as XML, every value to its last bit, compressed where NEW was. */
export function packRrd(rrd: Rrd, form: 'xml' | 'gzip'): Uint8Array {
  const parts: Buffer[] = []
  for (const text of writeXml(rrd, { precision: 'exact' })) parts.push(Buffer.from(text))
  const xml = Buffer.concat(parts)
  return form === 'gzip' ? gzipSync(xml) : xml
}
