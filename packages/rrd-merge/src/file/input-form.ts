import { readFully } from '@nightshift/tooling/files'

/** What a file is by its first bytes. `rrd` also stands for what is none of them: the codec says what is wrong with it. */
export type InputForm = 'rrd' | 'xml' | 'gzip'

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

/** Tells binary RRD, XML dump and gzip apart. @param fd open for reading, at any position */
export function inputForm(fd: number): InputForm {
  const start = Buffer.alloc(16)
  const text = start.subarray(0, readFully(fd, start, 0)).toString('latin1')
  if (text.startsWith('\x1f\x8b')) return 'gzip'
  return /^\s*</.test(text.startsWith(BYTE_ORDER_MARK) ? text.slice(3) : text) ? 'xml' : 'rrd'
}
