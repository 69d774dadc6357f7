import { fileNameText, type Replacement, readFully } from '@nightshift/tooling/files'
import { hostArchitecture, type Rrd, RrdError, rrdFromBytes } from '../format/index.ts'
import { Rrdtool, RrdtoolError } from '../rrdtool/index.ts'
import { writeXml } from '../xml/index.ts'

/**
 * Reads a result back before it takes its place, and has rrdtool read it too where there is one and the file is of this
 * machine's architecture.
 *
 * @throws RrdError EWRITE where what is there isn't what was written
 */
export async function verifyReplacement(
  replacement: Replacement,
  written: Uint8Array,
  program: string,
): Promise<void> {
  const stored = Buffer.alloc(written.length)
  const length = readFully(replacement.fd, stored, 0)
  if (length !== written.length || Buffer.compare(stored, written) !== 0) {
    throw failed(replacement, 'what was read back differs from what was written')
  }
  const rrd = rrdFromBytes(stored)
  if (rrd.header.architecture === hostArchitecture()) await compareWithRrdtool(replacement, rrd, program)
}

async function compareWithRrdtool(replacement: Replacement, rrd: Rrd, path: string): Promise<void> {
  const rrdtool = new Rrdtool({ path })
  try {
    const theirs = await rrdtool.dump(`/proc/${process.pid}/fd/${replacement.fd}`)
    if (theirs !== [...writeXml(rrd, { precision: 'rrdtool' })].join('')) {
      throw failed(replacement, 'rrdtool reads other values from it')
    }
  } catch (error) {
    if (error instanceof RrdtoolError && error.code === 'NOT_FOUND') return
    if (!(error instanceof RrdtoolError)) throw error
    throw failed(replacement, `rrdtool cannot read it: ${error.message}`)
  } finally {
    await rrdtool.close()
  }
}

function failed(replacement: Replacement, why: string): RrdError {
  const path = fileNameText(replacement.path)
  return new RrdError('EWRITE', `${path}: not replaced: ${why}`, {
    path,
    remedy: 'check disk and memory (dmesg)',
  })
}
