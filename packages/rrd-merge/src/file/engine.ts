import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rrd, RrdError, type RrdErrorCode } from '../format/index.ts'
import { Rrdtool, RrdtoolError, type RrdtoolErrorCode } from '../rrdtool/index.ts'
import { writeXml, XmlReader } from '../xml/index.ts'

/** Reads and writes RRDs through the real rrdtool, for those who trust no other reader and writer. */
export class RrdtoolEngine {
  readonly #rrdtool: Rrdtool

  /** @param path of the program */
  constructor(path: string) {
    this.#rrdtool = new Rrdtool({ path, timeout: 600_000 })
  }

  /** What `rrdtool dump` says of an open file. Values have the 11 digits that it prints. */
  async read(fd: number, name: string): Promise<Rrd> {
    const reader = new XmlReader()
    const open = `/proc/${process.pid}/fd/${fd}`
    try {
      reader.push(await this.#rrdtool.dump(open))
    } catch (error) {
      throw refusal(error, name, open, 'ENOTRRD')
    }
    return reader.end()
  }

  /** The file that `rrdtool restore` makes of an image. */
  async encode(rrd: Rrd, name: string): Promise<Uint8Array> {
    const folder = await mkdtemp(join(tmpdir(), 'rrd-merge-'))
    const xml = join(folder, 'merged.xml')
    const restored = join(folder, 'merged.rrd')
    try {
      await writeFile(xml, writeXml(rrd, { precision: 'exact' }), { mode: 0o600 })
      await this.#rrdtool.restore(xml, restored)
      return (await readFile(restored)) as Uint8Array
    } catch (error) {
      throw refusal(error, name, restored, 'EWRITE')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  close(): Promise<void> {
    return this.#rrdtool.close()
  }
}

/** What keeps rrdtool from answering says nothing of the file. */
const UNANSWERED: Partial<
  Record<RrdtoolErrorCode, { readonly code: RrdErrorCode; readonly remedy: string }>
> = {
  NOT_FOUND: {
    code: 'EUSAGE',
    remedy: 'install rrdtool, name it with --rrdtool, or leave --engine rrdtool out',
  },
  TIMEOUT: { code: 'EREAD', remedy: 'run again, or leave --engine rrdtool out' },
  PROTOCOL: { code: 'EREAD', remedy: 'check that --rrdtool names the real one' },
}

/**
 * An error of rrdtool as one of the file.
 *
 * @param called how rrdtool was told the file, which means nothing to a reader
 * @param failed the code where rrdtool itself refused, or its outcome is not there
 */
function refusal(error: unknown, name: string, called: string, failed: RrdErrorCode): unknown {
  if (!(error instanceof RrdtoolError)) return error
  const { code, remedy } = UNANSWERED[error.code] ?? { code: failed, remedy: undefined }
  const message = `${name}: ${error.message.replaceAll(called, name)}`
  return new RrdError(code, message, { path: name, ...(remedy !== undefined && { remedy }), cause: error })
}
