import { closeSync } from 'node:fs'
import { resolvePath } from '@nightshift/tooling/files'
import type { Rrd } from '../format/index.ts'
import { requireName } from './check-arguments.ts'
import { ownRoom } from './image-slot.ts'
import { openInput, readRrd } from './input.ts'
import { asRrdError } from './pair-report.ts'

/**
 * Opens an RRD: binary of any architecture and version, the XML of `rrdtool dump`, either of them in gzip. A file that is
 * being updated is read as it is between two updates.
 *
 * @param path a Buffer where the name isn't UTF-8
 * @throws RrdError EMISSING, EREAD, ENOTRRD, ETRUNC, EVERSION, ECORRUPT, EFOREIGN, EXML, ELATE, EUSAGE
 */
export async function openRrd(
  path: string | Buffer,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Rrd> {
  requireName(path, 'the file')
  try {
    const { folder, name } = resolvePath(path)
    try {
      const input = openInput({ folder, name })
      try {
        return await readRrd(input, ownRoom, { signal })
      } finally {
        closeSync(input.fd)
      }
    } finally {
      folder.close()
    }
  } catch (error) {
    throw asRrdError(error)
  }
}
