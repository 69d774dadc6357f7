import { createReadStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Rrd, RrdError, type RrdErrorCode } from '../format/index.ts'
import { Rrdtool, RrdtoolError, type RrdtoolErrorCode } from '../rrdtool/index.ts'
import { writeXml, XmlReader } from '../xml/index.ts'
import { inScratchFolder } from './scratch-folder.ts'

/** Milliseconds that rrdtool may take for one file. */
export const RRDTOOL_TIMEOUT = 600_000

/** Reads and writes RRDs through the real rrdtool, for those who trust no other reader and writer. */
export class RrdtoolEngine {
  readonly #rrdtool: Rrdtool
  readonly #signal: AbortSignal | undefined

  /**
   * @param path of the program
   * @param signal ends what rrdtool is at; the call then rejects with the signal's reason
   */
  constructor(path: string, signal?: AbortSignal) {
    this.#rrdtool = new Rrdtool({ path, timeout: RRDTOOL_TIMEOUT })
    this.#signal = signal
  }

  /** What `rrdtool dump` says of an open file. Values have the 11 digits that it prints. */
  read(fd: number, name: string): Promise<Rrd> {
    const open = `/proc/${process.pid}/fd/${fd}`
    return inScratchFolder(async (folder) => {
      const output = join(folder, 'dumped.xml')
      try {
        // Through a file: the XML of a large RRD is longer than any string may be.
        await this.#rrdtool.dump(open, { output, signal: this.#signal })
        const reader = new XmlReader()
        for await (const chunk of createReadStream(output, { signal: this.#signal })) reader.push(chunk)
        return reader.end()
      } catch (error) {
        throw this.#refusal(error, name, open, 'ENOTRRD')
      }
    })
  }

  /** The file that `rrdtool restore` makes of an image. */
  encode(rrd: Rrd, name: string): Promise<Uint8Array> {
    return inScratchFolder(async (folder) => {
      const xml = join(folder, 'merged.xml')
      const restored = join(folder, 'merged.rrd')
      try {
        await writeFile(xml, writeXml(rrd, { precision: 'exact' }), { mode: 0o600, signal: this.#signal })
        await this.#rrdtool.restore(xml, restored, { signal: this.#signal })
        return (await readFile(restored, { signal: this.#signal })) as Uint8Array
      } catch (error) {
        throw this.#refusal(error, name, restored, 'EWRITE')
      }
    })
  }

  close(): Promise<void> {
    return this.#rrdtool.close()
  }

  /**
   * An error of rrdtool as one of the file.
   *
   * @param called how rrdtool was told the file, which means nothing to a reader
   * @param failed the code where rrdtool itself refused, or its outcome is not there
   */
  #refusal(error: unknown, name: string, called: string, failed: RrdErrorCode): unknown {
    if (this.#signal?.aborted) return this.#signal.reason
    if (!(error instanceof RrdtoolError)) return error
    const known = error.code === 'UNVERIFIED' && failed !== 'EWRITE' ? NO_OUTCOME : UNANSWERED[error.code]
    const { code, remedy } = known ?? { code: failed, remedy: undefined }
    const message = `${name}: ${error.message.replaceAll(called, name)}`
    return new RrdError(code, message, { path: name, ...(remedy !== undefined && { remedy }), cause: error })
  }
}

interface Unanswered {
  readonly code: RrdErrorCode
  readonly remedy: string
}

/** What keeps rrdtool from answering says nothing of the file. */
const UNANSWERED: Partial<Record<RrdtoolErrorCode, Unanswered>> = {
  NOT_FOUND: {
    code: 'EUSAGE',
    remedy: 'install rrdtool, name it with --rrdtool, or leave --engine rrdtool out',
  },
  TIMEOUT: { code: 'EREAD', remedy: 'run again, or leave --engine rrdtool out' },
  PROTOCOL: { code: 'EREAD', remedy: 'check that --rrdtool names the real one' },
}

/** rrdtool says OK on a full disk, and the XML is not there. */
const NO_OUTCOME: Unanswered = { code: 'EREAD', remedy: 'make room in the temporary folder (TMPDIR)' }
