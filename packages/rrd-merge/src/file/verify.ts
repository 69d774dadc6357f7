import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileNameText, type Replacement, readFully } from '@nightshift/tooling/files'
import { hostArchitecture, type Rrd, RrdError, rrdFromBytes } from '../format/index.ts'
import { Rrdtool, RrdtoolError } from '../rrdtool/index.ts'
import { writeXml } from '../xml/index.ts'
import { RRDTOOL_TIMEOUT } from './engine.ts'
import { inScratchFolder } from './scratch-folder.ts'

/**
 * Reads a result back before it takes its place, and has rrdtool read it too where there is one and the file is of this
 * machine's architecture.
 *
 * @throws RrdError EWRITE where what is there isn't what was written; the signal's reason
 */
export async function verifyReplacement(
  replacement: Replacement,
  written: Uint8Array,
  program: string,
  signal?: AbortSignal,
): Promise<void> {
  const stored = Buffer.alloc(written.length)
  const length = readFully(replacement.fd, stored, 0)
  if (length !== written.length || Buffer.compare(stored, written) !== 0) {
    throw failed(replacement, 'what was read back differs from what was written')
  }
  const rrd = rrdFromBytes(stored)
  if (rrd.header.architecture === hostArchitecture()) {
    await compareWithRrdtool(replacement, rrd, program, signal)
  }
}

async function compareWithRrdtool(
  replacement: Replacement,
  rrd: Rrd,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const rrdtool = new Rrdtool({ path, timeout: RRDTOOL_TIMEOUT })
  try {
    await inScratchFolder(async (folder) => {
      const output = join(folder, 'dumped.xml')
      await rrdtool.dump(`/proc/${process.pid}/fd/${replacement.fd}`, { output, signal })
      if (!holdsXml(output, rrd)) throw failed(replacement, 'rrdtool reads other values from it')
    })
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof RrdtoolError && error.code === 'NOT_FOUND') return
    if (!(error instanceof RrdtoolError)) throw error
    throw failed(replacement, `rrdtool cannot read it: ${error.message}`)
  } finally {
    await rrdtool.close()
  }
}

/** Whether a file is what rrdtool dumps of an image: piece by piece, as either may be longer than a string can be. */
function holdsXml(path: string, rrd: Rrd): boolean {
  const fd = openSync(path, 'r')
  try {
    let position = 0
    for (const piece of writeXml(rrd, { precision: 'rrdtool' })) {
      const ours = Buffer.from(piece)
      const theirs = Buffer.allocUnsafe(ours.length)
      if (readFully(fd, theirs, position) !== ours.length || !theirs.equals(ours)) return false
      position += ours.length
    }
    return readFully(fd, Buffer.allocUnsafe(1), position) === 0
  } finally {
    closeSync(fd)
  }
}

function failed(replacement: Replacement, why: string): RrdError {
  const path = fileNameText(replacement.path)
  return new RrdError('EWRITE', `${path}: not replaced: ${why}`, {
    path,
    remedy: 'check disk and memory (dmesg)',
  })
}
