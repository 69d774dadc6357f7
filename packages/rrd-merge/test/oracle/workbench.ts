import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rrd, rrdFromBytes } from '../../src/format/index.ts'
import { Rrdtool } from '../../src/rrdtool/index.ts'
import type { RandomFile } from './random-file.ts'

/** A folder and one real rrdtool to fill it. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), 'rrd-oracle-'))
  readonly rrdtool = new Rrdtool({ persistent: true, timeout: 30_000 })

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Made by `rrdtool create` and `rrdtool update`; ends with the path. */
  async make(name: string, { step, start, ds, rra, updates }: RandomFile): Promise<string> {
    const path = this.path(name)
    await this.rrdtool.create(path, { step, start, ds, rra })
    if (updates.length > 0) await this.rrdtool.update(path, updates)
    return path
  }

  read(path: string): Uint8Array {
    return new Uint8Array(readFileSync(path))
  }

  open(path: string): Rrd {
    return rrdFromBytes(this.read(path))
  }

  write(name: string, content: Uint8Array | string): string {
    const path = this.path(name)
    writeFileSync(path, content)
    return path
  }

  async close(): Promise<void> {
    await this.rrdtool.close()
    rmSync(this.folder, { recursive: true })
  }
}
