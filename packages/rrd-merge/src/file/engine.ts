import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rrd, RrdError } from '../format/index.ts'
import { Rrdtool, RrdtoolError } from '../rrdtool/index.ts'
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
    reader.push(await this.#asked(name, () => this.#rrdtool.dump(`/proc/${process.pid}/fd/${fd}`)))
    return reader.end()
  }

  /** The file that `rrdtool restore` makes of an image. */
  async encode(rrd: Rrd, name: string): Promise<Uint8Array> {
    const folder = await mkdtemp(join(tmpdir(), 'rrd-merge-'))
    try {
      const xml = join(folder, 'merged.xml')
      const restored = join(folder, 'merged.rrd')
      await writeFile(xml, writeXml(rrd, { precision: 'exact' }), { mode: 0o600 })
      await this.#asked(name, () => this.#rrdtool.restore(xml, restored))
      return (await readFile(restored)) as Uint8Array
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  close(): Promise<void> {
    return this.#rrdtool.close()
  }

  async #asked<T>(name: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof RrdtoolError)) throw error
      const code = error.code === 'UNVERIFIED' ? 'EWRITE' : 'ENOTRRD'
      throw new RrdError(code, `${name}: rrdtool ${error.command ?? ''}: ${error.message}`, {
        path: name,
        cause: error,
      })
    }
  }
}
